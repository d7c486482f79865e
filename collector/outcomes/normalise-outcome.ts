import { createHash } from "node:crypto";
import { GEN_AI, OTEL } from "../../core/attributes.ts";
import type { OutcomeRefusal } from "../../core/collector-stats.ts";
import { EVALUATION } from "../../core/outcome-attributes.ts";
import type { OutcomeRow } from "../../core/outcome-row.ts";
import { DAY_MS, OUTCOME_DAYS } from "../../core/retention.ts";
import type { AttributeValue } from "../../formats/dialects/read/attributes.ts";
import { type EvaluationEvent, evaluationKey } from "../../formats/dialects/read/evaluation-event.ts";
import { textOf } from "../../formats/dialects/read/values.ts";
import { unitProblem } from "../normalise/time-problem.ts";

/** What an evaluation event turned out to be. */
export type NormalisedOutcome =
  | { readonly kind: "outcome"; readonly row: OutcomeRow }
  | { readonly kind: "refused"; readonly reason: OutcomeRefusal };

const MAX_EXPLANATION = 1024;

/** Labels that are a yes or a no when no number comes with them. */
const LABELS: Readonly<Record<string, 0 | 1>> = {
  ...{ yes: 1, true: 1, up: 1, positive: 1, pass: 1, passed: 1, success: 1, completed: 1, correct: 1 },
  ...{ no: 0, false: 0, down: 0, negative: 0, fail: 0, failed: 0, failure: 0, incomplete: 0, incorrect: 0 },
};

const scoreOf = (value: AttributeValue | undefined, label: string): number | null => {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  const word = label.trim().toLowerCase();
  return Object.hasOwn(LABELS, word) ? (LABELS[word] ?? null) : null;
};

const isHex = (id: string, digits: number): boolean => id.length === digits && /^(?!0+$)[0-9a-f]+$/.test(id);

const spanOf = ({ traceId, spanId }: EvaluationEvent): Pick<OutcomeRow, "trace_id" | "span_id"> =>
  isHex(traceId, 32) && isHex(spanId, 16) ? { trace_id: traceId, span_id: spanId } : { trace_id: "", span_id: "" };

const explanationOf = (value: AttributeValue | undefined): string =>
  typeof value === "string" ? value.slice(0, MAX_EXPLANATION) : "";

/** The same event has the same id, however often and by whatever path it is sent: its sender's key, or its time. */
const idOf = (content: Omit<OutcomeRow, "id" | "at_ms" | "received_ms">, { attributes, timeMs }: EvaluationEvent) =>
  createHash("sha256")
    .update(JSON.stringify([content, evaluationKey(attributes) ?? timeMs]))
    .digest("hex")
    .slice(0, 32);

/** Turns an evaluation event into a row, or says why it is none. `receivedMs` is epoch ms. */
export const normaliseOutcome = (event: EvaluationEvent, receivedMs: number): NormalisedOutcome => {
  const { attributes, resource, timeMs } = event;
  const label = textOf(attributes.get(EVALUATION.label));
  const content = {
    ...spanOf(event),
    response_id: textOf(attributes.get(GEN_AI.responseId)),
    service: textOf(resource.get(OTEL.serviceName)),
    name: textOf(attributes.get(EVALUATION.name)),
    value: scoreOf(attributes.get(EVALUATION.value), label),
    label,
    error_type: textOf(attributes.get(OTEL.errorType)),
    explanation: explanationOf(attributes.get(EVALUATION.explanation)),
  };
  if (content.span_id === "" && content.response_id === "") return { kind: "refused", reason: "unlinked-outcome" };
  const isEmpty = content.value === null && label === "" && content.error_type === "";
  if (content.name === "" || isEmpty) return { kind: "refused", reason: "empty-outcome" };
  const tooOld = timeMs > 0 && timeMs < receivedMs - OUTCOME_DAYS * DAY_MS;
  if (tooOld) return { kind: "refused", reason: unitProblem(timeMs, receivedMs) ?? "too-old" };
  const isPlausible = timeMs > 0 && timeMs <= receivedMs + DAY_MS;
  const at_ms = isPlausible ? timeMs : receivedMs;
  return { kind: "outcome", row: { id: idOf(content, event), ...content, at_ms, received_ms: receivedMs } };
};
