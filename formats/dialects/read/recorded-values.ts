import { textOrJson } from "../../json/text-or-json.ts";
import type { Recorded } from "./recorded.ts";

/** Longer text is not parsed. */
export const MAX_CHARS: number = 256 * 1024;

/** An attribute that is text; empty when it is none. */
export const textIn = (recorded: Recorded, name: string): string => {
  const value = recorded.get(name);
  return typeof value === "string" ? value : "";
};

/** A value that may be written as JSON text: parsed, or undefined when it is text that does not parse. */
export const structured = (value: unknown): unknown => {
  if (typeof value !== "string") return value;
  if (value.length > MAX_CHARS || !/^\s*[[{"]/.test(value)) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
};

/** A value as JSON text; text stays as it is, and null is empty. */
export const knownText = (value: unknown): string => textOrJson(value ?? undefined);

/** Entries of `prefix.0.suffix`, `prefix.1.suffix`, … until the first that is missing; at most 64. */
export const numbered = (recorded: Recorded, prefix: string, suffix: string): readonly unknown[] => {
  const found: unknown[] = [];
  for (let at = 0; at < 64 && recorded.has(`${prefix}.${at}${suffix}`); at += 1)
    found.push(recorded.get(`${prefix}.${at}${suffix}`));
  return found;
};

/** An attribute that holds a list; null when it holds none. */
export const listIn = (recorded: Recorded, name: string): readonly unknown[] | null => {
  const value = structured(recorded.get(name));
  return Array.isArray(value) ? value : null;
};
