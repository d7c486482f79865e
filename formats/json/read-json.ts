import { isRecord } from "../../features/is-record.ts";
import type { JsonObject } from "./json-object.ts";

/** The text, or `""` for anything else. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** A word as APIs define them, or `""`: anything else in its place could be content. */
export const wordOf = (value: unknown): string =>
  typeof value === "string" && /^[\w.-]{1,64}$/.test(value) ? value : "";

/** The list, or an empty one for anything else. */
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The object, or an empty one for anything else. */
export const objectOf = (value: unknown): JsonObject => (isRecord(value) ? value : {});

/** The JSON object a text holds; null when it holds none. */
export const parseObject = (text: string): JsonObject | null => {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
};
