import type { SpanRow } from "../../core/span-row.ts";
import type { FieldReader } from "../../formats/dialects/read/field-reader.ts";
import { countOf } from "../../formats/dialects/read/values.ts";
import { inclusiveInput } from "../../formats/usage/inclusive-input.ts";

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
