import type { Attributes, AttributeValue } from "../read/attributes.ts";
import { evaluationAttributes } from "../read/evaluation-attributes.ts";

/**
 * OpenInference's lists (2.12), of the span or of its trace: `evaluations.0.evaluation.score`,
 * `trace.annotations.1.annotation.label`. Those of a session say nothing of one call.
 */
const LISTED = /^((?:trace\.)?(evaluation|annotation)s\.\d{1,4})\.\2\.(name|score|label|explanation)$/;

/** Arize's columns, which people also set on spans: `eval.correctness.score`. */
const NAMED = /^(eval\.(.+))\.(score|label|explanation)$/;

/** Which evaluation an attribute is part of, and what it says of it; null for all other attributes. */
const partOf = (key: string): { readonly of: string; readonly field: string; readonly name?: string } | null => {
  const [, list, , listField] = LISTED.exec(key) ?? [];
  if (list !== undefined && listField !== undefined) return { of: list, field: listField };
  const [, of, name, field] = NAMED.exec(key) ?? [];
  return of === undefined || name === undefined || field === undefined ? null : { of, field, name };
};

const PREFIXES = ["eval", "annotations", "trace."];

/** The evaluations in the attributes of a span, in the conventions' names. */
export const openinferenceEvaluations = (attributes: Attributes): readonly Attributes[] => {
  const found = new Map<string, Record<string, AttributeValue>>();
  for (const [key, value] of attributes) {
    // asked of every attribute of every span
    if (!PREFIXES.some((prefix) => key.startsWith(prefix))) continue;
    const part = partOf(key);
    if (part === null) continue;
    const evaluation = found.get(part.of) ?? (part.name === undefined ? {} : { name: part.name });
    evaluation[part.field] = value;
    found.set(part.of, evaluation);
  }
  return [...found.values()].map(evaluationAttributes);
};
