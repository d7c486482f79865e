import { EVALUATION, EVALUATION_EVENT } from "../../../core/outcome-attributes.ts";
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

/** What an evaluation says, by whatever names it came. */
export interface Evaluation {
  readonly name?: AttributeValue | undefined;
  readonly score?: AttributeValue | undefined;
  readonly label?: AttributeValue | undefined;
  readonly explanation?: AttributeValue | undefined;
}

/** An evaluation's attributes in the conventions' names; only those that were given. */
export const evaluationAttributes = ({ name, score, label, explanation }: Evaluation): Attributes => {
  const named = [
    [EVALUATION.name, name],
    [EVALUATION.value, score],
    [EVALUATION.label, label],
    [EVALUATION.explanation, explanation],
  ] as const;
  return new Map(named.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])));
};

const PREFIX = "gen_ai.evaluation.";

/** Drafts of the conventions, and Azure AI, named the event by what it evaluates and had one attribute for its score. */
const OLD_SCORE = "gen_ai.evaluation.score";

/**
 * The attributes of an evaluation event, in the conventions' names: of `gen_ai.evaluation.result` its own, of an older
 * `gen_ai.evaluation.<name>` the name and the score besides. Null for any other event.
 */
export const attributesOfEvent = (eventName: string, attributes: Attributes): Attributes | null => {
  if (eventName === EVALUATION_EVENT) return attributes;
  if (!eventName.startsWith(PREFIX)) return null;
  const old = evaluationAttributes({ name: eventName.slice(PREFIX.length), score: attributes.get(OLD_SCORE) });
  return new Map([...old, ...attributes]);
};
