import { LEEWAY } from "../../core/attributes.ts";
import { objectOf } from "../json/read-json.ts";
import { countOf } from "./reported-tokens.ts";

/** Span attributes of what a call's price depends on beside the counts of its tokens. */
export type PriceAttributes = Readonly<Record<string, string | number>>;

/** Parts of a call's tokens, as they were reported: any value, none where it was not. */
export interface ReportedParts {
  readonly cacheWriteHour?: unknown;
  readonly audioInput?: unknown;
  readonly audioOutput?: unknown;
  readonly imageOutput?: unknown;
}

/** The parts there are any tokens of, as attributes. */
export const partAttributes = (parts: ReportedParts): PriceAttributes => {
  const named = [
    [LEEWAY.cacheWriteHourTokens, parts.cacheWriteHour],
    [LEEWAY.audioInputTokens, parts.audioInput],
    [LEEWAY.audioOutputTokens, parts.audioOutput],
    [LEEWAY.imageOutputTokens, parts.imageOutput],
  ] as const;
  return Object.fromEntries(
    named.flatMap(([name, value]) => {
      const count = countOf(value);
      return count === null || count === 0 ? [] : [[name, count]];
    }),
  );
};

/** Of those written to Anthropic's cache, the tokens to be kept for an hour. */
export const writtenForAnHour = (usage: unknown): unknown =>
  objectOf(objectOf(usage).cache_creation).ephemeral_1h_input_tokens;
