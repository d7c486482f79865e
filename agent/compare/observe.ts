import { finishReason as plainReason } from "../../core/finish-reason.ts";
import type { Observation } from "../../detectors/compare/observation.ts";
import { findJson } from "../../features/json/find-json.ts";
import { outputFeatures } from "../../features/output-features.ts";
import { missingIn, missingName, signalsOf } from "./known-values.ts";
import type { AnswerRecord } from "./record.ts";
import { promptOf, type UnansweredPrompt, unansweredPrompts } from "./unanswered.ts";

const REFUSALS = ["hard", "inability", "soft"];
/** Share of a task's baseline answers that are JSON, from which on the task is taken to ask for JSON. */
const JSON_TASK_SHARE = 0.5;

const taskOf = ({ task }: AnswerRecord): string => task ?? "";

const isJsonAnswer = (text: string | null): boolean => {
  if (text === null) return false;
  const found = findJson(text);
  return found !== null && typeof found.value === "object" && found.value !== null;
};

/** The tasks whose baseline answers are mostly JSON: records do not carry the request that asked for it. */
const jsonTasks = (records: readonly AnswerRecord[]): ReadonlySet<string> => {
  const counts = new Map<string, { n: number; json: number }>();
  for (const record of records) {
    if (record.cohort !== "baseline") continue;
    const count = counts.get(taskOf(record)) ?? { n: 0, json: 0 };
    counts.set(taskOf(record), count);
    count.n += 1;
    count.json += isJsonAnswer(record.output) ? 1 : 0;
  }
  return new Set([...counts].filter(([, { n, json }]) => json >= JSON_TASK_SHARE * n).map(([task]) => task));
};

type Known = readonly (readonly [name: string, value: number | string | null | undefined])[];

const numbersOf = ({ output, output_tokens, latency_ms, scores }: AnswerRecord): Known => [
  ["output_chars", output?.length],
  ["output_tokens", output_tokens],
  ["latency_ms", latency_ms],
  ["tokens_per_char", output_tokens === undefined || !output ? null : output_tokens / output.length],
  ["latency_per_output_token", latency_ms === undefined || !output_tokens ? null : latency_ms / output_tokens],
  ...Object.entries(scores ?? {}).map(([name, value]) => [`scores.${name}`, value] as const),
];

const featuresOf = (record: AnswerRecord, asksForJson: boolean): Known => {
  const { output: text, finish_reason: finishReason = "" } = record;
  const answer = { text, chars: text?.length ?? 0, refusal: null, finishReason, toolCalls: [] };
  const features = outputFeatures(answer, { json: asksForJson, tools: [] });
  const flag = (value: boolean | null): number | null => (value === null ? null : Number(value));
  const { refusalClass } = features;
  return [
    ["code_fence", flag(features.codeFence)],
    ["json_valid", flag(features.jsonValid)],
    ["truncated", flag(features.truncated)],
    ["refusal_class", refusalClass === "" ? null : refusalClass],
    ["refusal", refusalClass === "" ? null : Number(REFUSALS.includes(refusalClass))],
    ["finish_reason", finishReason === "" ? null : plainReason(finishReason)],
    ...Object.entries(features.features),
    ...Object.entries(features.labels),
  ];
};

const absent = ({ cohort, task, prompt }: UnansweredPrompt): Observation => ({
  ...{ arm: cohort, stratum: task, pair: prompt, conversation: null, isAbsent: true },
  values: new Map([[missingName("answer"), 1]]),
});

/**
 * Measures every answer of both sets, and what is missing: of an answer, and prompts that one of the sets lacks. Pure; about 50
 * microseconds per KB.
 */
export const observe = (records: readonly AnswerRecord[]): readonly Observation[] => {
  const asking = jsonTasks(records);
  const signals = signalsOf(records);
  const answers = records.map((record): Observation => {
    const measured = [...numbersOf(record), ...featuresOf(record, asking.has(taskOf(record)))];
    const known = [...measured, ...missingIn(record, signals)];
    return {
      arm: record.cohort,
      stratum: taskOf(record),
      pair: promptOf(record),
      conversation: record.conversation_id ?? null,
      values: new Map(known.filter((entry): entry is [string, number | string] => entry[1] != null)),
    };
  });
  return [...answers, ...unansweredPrompts(records).map(absent)];
};
