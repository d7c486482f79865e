import type { FoundCall } from "./find-calls.ts";

/** What an outcome says about the call it belongs to; empty text = nothing. */
export interface CallReference {
  readonly trace_id: string;
  readonly span_id: string;
  readonly response_id: string;
}

/** The one there is; of several nobody can say which is meant. */
const onlyOne = (calls: readonly FoundCall[]): FoundCall | null => (calls.length === 1 ? (calls[0] ?? null) : null);

/**
 * The call an outcome belongs to, of those found: the call's own span, else the response id. Once the call itself, and
 * others of its trace, have had the time to arrive (`allArrived`), also the only call made inside the span that is
 * named, else the only one of its trace: an app that writes the event itself names the span it is in. Null = not found.
 */
export const matchCall = (
  outcome: CallReference,
  calls: readonly FoundCall[],
  allArrived: boolean,
): FoundCall | null => {
  const { trace_id, span_id, response_id } = outcome;
  const inTrace = trace_id === "" ? [] : calls.filter((call) => call.trace_id === trace_id);
  const named =
    inTrace.find((call) => call.span_id === span_id) ??
    (response_id === "" ? undefined : calls.find((call) => call.response_id === response_id));
  if (named !== undefined || !allArrived || span_id === "") return named ?? null;
  const inside = inTrace.filter((call) => call.parent_span_id === span_id);
  return inside.length > 0 ? onlyOne(inside) : onlyOne(inTrace);
};
