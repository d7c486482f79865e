import type { TokenUsage } from "./answer-facts.ts";
import { isRecord } from "./is-record.ts";

/** The text, or `""` for anything else. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

const numbers = <Name extends string>(found: Record<Name, unknown>): { [K in Name]?: number } => {
  const known = Object.entries(found).filter(([, value]) => typeof value === "number");
  return Object.fromEntries(known) as { [K in Name]?: number };
};

/** Reads OpenAI's `usage` object. Input tokens include the cached ones, output tokens the reasoning ones. */
export const readUsage = (usage: unknown): TokenUsage => {
  if (!isRecord(usage)) return {};
  const input = isRecord(usage.prompt_tokens_details) ? usage.prompt_tokens_details : {};
  const output = isRecord(usage.completion_tokens_details) ? usage.completion_tokens_details : {};
  return numbers({
    input: usage.prompt_tokens,
    output: usage.completion_tokens,
    cached: input.cached_tokens,
    reasoning: output.reasoning_tokens,
  });
};

/**
 * A short code for an `error` object a provider sent with status 200. Only identifiers are taken over; the message
 * may quote the prompt. Null when there is no error.
 */
export const readError = (error: unknown): string | null => {
  if (error == null) return null;
  const named = isRecord(error) ? [error.code, error.type] : [];
  const code = named.find((name) => /^[\w.-]{1,64}$/.test(typeof name === "number" ? String(name) : textOf(name)));
  return code === undefined ? "provider_error" : String(code);
};
