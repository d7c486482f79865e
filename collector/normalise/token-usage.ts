import type { SpanRow } from "../../core/span-row.ts";
import type { FieldReader } from "../../formats/dialects/read/field-reader.ts";
import { countOf } from "../../formats/dialects/read/values.ts";

/** Token counts of one call as they were reported; null = unknown. */
export interface ReportedTokens {
  readonly input: number | null;
  readonly output: number | null;
  readonly total: number | null;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
}

/**
 * Prompt tokens with cached ones included. Most senders include them; where they are reported apart, either the total
 * proves it (input + cached + output = total) or the cached part is larger than what should contain it.
 */
export const inclusiveInput = ({ input, output, total, cacheRead, cacheWrite }: ReportedTokens): number | null => {
  const cached = (cacheRead ?? 0) + (cacheWrite ?? 0);
  if (input === null || cached === 0) return input;
  if (total !== null && output !== null) {
    if (total === input + output) return input;
    if (total === input + cached + output) return input + cached;
  }
  return cached > input ? input + cached : input;
};

/** The token columns of a call. */
export const tokenUsage = (
  read: FieldReader,
): Pick<SpanRow, "input_tokens" | "output_tokens" | "cached_tokens" | "cache_write_tokens" | "reasoning_tokens"> => {
  const cacheWrite = countOf(read("cache_write_tokens"));
  const cacheRead = countOf(read("cached_tokens"));
  const output = countOf(read("output_tokens"));
  const input = inclusiveInput({
    input: countOf(read("input_tokens")),
    output,
    total: countOf(read("total_tokens")),
    cacheRead,
    cacheWrite,
  });
  return {
    input_tokens: countOf(input),
    output_tokens: output,
    cached_tokens: cacheRead,
    cache_write_tokens: cacheWrite,
    reasoning_tokens: countOf(read("reasoning_tokens")),
  };
};
