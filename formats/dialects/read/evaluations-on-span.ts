import { DIALECTS } from "../dialects.ts";
import type { Attributes } from "./attributes.ts";
import { attributesOfEvent, type EvaluationEvent } from "./evaluation-event.ts";

/** A span that may carry evaluations of the call it is of. */
interface EvaluatedSpan extends Pick<EvaluationEvent, "traceId" | "spanId" | "attributes" | "resource"> {
  /** Epoch ms; NaN when it was not given. */
  readonly endMs: number;
  readonly events: readonly { readonly name: string; readonly timeMs: number; readonly attributes: Attributes }[];
}

const READERS = DIALECTS.flatMap(({ evaluations }) => evaluations?.onSpan ?? []);

/**
 * Evaluations that a span carries, in events on it or in attributes of any dialect. Those in attributes happened when the span ended. Langfuse sends its scores to Langfuse alone, never over OTLP.
 */
export const evaluationsOnSpan = ({
  traceId,
  spanId,
  endMs,
  attributes,
  events,
  resource,
}: EvaluatedSpan): readonly EvaluationEvent[] => {
  const at = (timeMs: number, said: Attributes): EvaluationEvent => ({
    ...{ traceId, spanId, timeMs, resource },
    attributes: said,
  });
  const told = events.flatMap(({ name, timeMs, attributes: own }) => {
    const said = attributesOfEvent(name, own);
    return said === null ? [] : [at(timeMs, said)];
  });
  return [...told, ...READERS.flatMap((read) => read(attributes)).map((said) => at(endMs, said))];
};
