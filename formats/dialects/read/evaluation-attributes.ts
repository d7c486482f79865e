import { EVALUATION } from "../../../core/outcome-attributes.ts";
import type { Attributes, AttributeValue } from "./attributes.ts";

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
