import type { SpanRow } from "../../core/span-row.ts";
import type { FieldReader } from "../../formats/dialects/read/field-reader.ts";
import { usageConventionOf } from "../../formats/dialects/read/usage-convention-of.ts";
import { countOf, textOf } from "../../formats/dialects/read/values.ts";
import type { CountingSpan } from "../../formats/dialects/usage-rule.ts";
import { reconcile } from "../../formats/usage/reconcile.ts";

/** The token columns of a call, in one sense, whoever counted. */
export const tokenUsage = (
  span: CountingSpan,
  read: FieldReader,
): Pick<SpanRow, "input_tokens" | "output_tokens" | "cached_tokens" | "cache_write_tokens" | "reasoning_tokens"> => {
  const reported = {
    input: countOf(read("input_tokens")),
    output: countOf(read("output_tokens")),
    total: countOf(read("total_tokens")),
    cacheRead: countOf(read("cached_tokens")),
    cacheWrite: countOf(read("cache_write_tokens")),
    reasoning: countOf(read("reasoning_tokens")),
  };
  const tokens = reconcile(
    reported,
    usageConventionOf(span, `${textOf(read("request_model"))} ${textOf(read("provider"))}`),
  );
  return {
    // A sum may be more than a column holds.
    input_tokens: countOf(tokens.input),
    output_tokens: countOf(tokens.output),
    cached_tokens: tokens.cacheRead,
    cache_write_tokens: tokens.cacheWrite,
    reasoning_tokens: tokens.reasoning,
  };
};
