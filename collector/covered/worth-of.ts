import { OURS, type SeenCall } from "./same-call.ts";

/** What a row may know or not; the more of it, the better the row. */
const knownOf = ({ row }: SeenCall): number =>
  [row.response_id, row.response_model, row.finish_reason, row.request_model].filter((text) => text !== "").length +
  [row.input_tokens, row.output_tokens, row.ttft_ms, row.cost_usd, row.output_chars, row.duration_ms].filter(
    (value) => value !== null,
  ).length;

/**
 * How good a row of its call a span makes: the larger the better. Ours has all; without a cohort a call is judged by nobody; a
 * span that does not say that it is a call may be none; then the one that knows more.
 */
export const worthOf = (call: SeenCall): number =>
  [call.row.scope === OURS, call.row.cohort !== "", call.isSaid].reduce((worth, is) => worth * 2 + Number(is), 0) *
    100 +
  knownOf(call);
