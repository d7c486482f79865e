import { GEN_AI, OTEL } from "../../../core/attributes.ts";
import type { Attributes, AttributeValue } from "./attributes.ts";
import { attributesOfEvent, type EvaluationEvent, evaluationAttributes } from "./evaluation-event.ts";

/** A span that may carry evaluations of the call it is of. */
interface EvaluatedSpan extends Pick<EvaluationEvent, "traceId" | "spanId" | "attributes" | "resource"> {
  /** Epoch ms; NaN when it was not given. */
  readonly endMs: number;
  readonly events: readonly { readonly name: string; readonly timeMs: number; readonly attributes: Attributes }[];
}

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

const evaluationsIn = (attributes: Attributes): readonly Attributes[] => {
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

/** OpenLLMetry (0.27) makes a span of its own for every guard; one that broke says nothing of the answer. */
const guardIn = (attributes: Attributes): readonly Attributes[] => {
  if (attributes.get(GEN_AI.operation) !== "guard") return [];
  const broken = attributes.get("gen_ai.guardrail.error.type");
  const name = attributes.get("gen_ai.guardrail.name");
  if (broken !== undefined) return [new Map([...evaluationAttributes({ name }), [OTEL.errorType, broken]])];
  return [evaluationAttributes({ name, label: attributes.get("gen_ai.guardrail.status") })];
};

/**
 * Evaluations that a span carries: standard events on it, or attributes of OpenInference, Arize or OpenLLMetry. Those in
 * attributes happened when the span ended. Langfuse sends its scores to Langfuse alone, never over OTLP.
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
  return [...told, ...[...evaluationsIn(attributes), ...guardIn(attributes)].map((said) => at(endMs, said))];
};
