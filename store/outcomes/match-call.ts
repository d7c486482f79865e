import type { FoundCall } from "./find-calls.ts";

/** What an outcome says about the call it belongs to; empty text = nothing. */
export interface CallReference {
  readonly trace_id: string;
  readonly span_id: string;
  readonly response_id: string;
}

/** The one call made inside a span; of several nobody can say which is meant. */
const onlyChild = (calls: readonly FoundCall[]): FoundCall | null => (calls.length === 1 ? (calls[0] ?? null) : null);

/**
 * The call an outcome belongs to, of those found: the call's own span, else the response id, else the only call made
 * inside the span that is named (an app that logs the event itself names the span it is in). Null = not found.
 */
export const matchCall = (outcome: CallReference, calls: readonly FoundCall[]): FoundCall | null => {
  const { trace_id, span_id, response_id } = outcome;
  const inTrace = trace_id === "" ? [] : calls.filter((call) => call.trace_id === trace_id);
  return (
    inTrace.find((call) => call.span_id === span_id) ??
    (response_id === "" ? undefined : calls.find((call) => call.response_id === response_id)) ??
    onlyChild(inTrace.filter((call) => span_id !== "" && call.parent_span_id === span_id))
  );
};
