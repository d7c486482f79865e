import { DIALECTS } from "../dialects.ts";
import type { Attributes, AttributeValue } from "./attributes.ts";

/** Where an event says which call it is about, when it happened and what it says, in the conventions' names. */
export interface EvaluationEvent {
  /** Lower-case hex digits, or anything else that the sender put there; empty outside a span. */
  readonly traceId: string;
  readonly spanId: string;
  /** Epoch ms; NaN when it was not given. */
  readonly timeMs: number;
  readonly attributes: Attributes;
  readonly resource: Attributes;
}

const READERS = DIALECTS.flatMap(({ evaluations }) => evaluations?.inEvent ?? []);
const KEYS = DIALECTS.flatMap(({ evaluations }) => evaluations?.key ?? []);

/** The attributes of an evaluation event of any dialect, in the conventions' names; null for any other event. */
export const attributesOfEvent = (eventName: string, attributes: Attributes): Attributes | null => {
  for (const read of READERS) {
    const found = read(eventName, attributes);
    if (found !== null) return found;
  }
  return null;
};

/** What its sender knows an evaluation by, however often and by whatever path it is sent; null without such a key. */
export const evaluationKey = (attributes: Attributes): AttributeValue => {
  const key = KEYS.find((name) => attributes.has(name));
  return key === undefined ? null : (attributes.get(key) ?? null);
};
