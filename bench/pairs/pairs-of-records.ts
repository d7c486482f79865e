import type { AnswerRecord } from "../../agent/compare/record.ts";
import type { Arm } from "../../core/cohort.ts";
import type { PairKind, PairRow } from "../../core/pair-row.ts";
import { seededRandom } from "../../core/seeded-random.ts";
import { compareAnswers } from "../../features/pairs/compare-answers.ts";
import type { ComparedAnswer } from "../../features/pairs/compared-answer.ts";

const answered = ({
  output,
  finish_reason = "",
  input_tokens,
  output_tokens,
  latency_ms,
}: AnswerRecord): ComparedAnswer => ({
  answer: { text: output, chars: output?.length ?? 0, refusal: null, finishReason: finish_reason, toolCalls: [] },
  ...{
    inputTokens: input_tokens ?? null,
    outputTokens: output_tokens ?? null,
    latencyMs: latency_ms ?? null,
    costUsd: null,
  },
});

let made = 0;

/** The row of a pair of records. */
export const rowOf = (kind: PairKind, served: AnswerRecord, other: AnswerRecord): PairRow => {
  const difference = compareAnswers(answered(served), answered(other), { json: false, tools: [] });
  made += 1;
  return {
    ...{ id: made.toString(16).padStart(32, "0"), at_ms: made, received_ms: made, kind, outcome: "paired", calls: 1 },
    ...{ migration: "", service: "", instance: "", trace_id: "", span_id: "", other_trace_id: "", other_span_id: "" },
    ...{
      cluster: "",
      segments: { task: served.task ?? "" },
      served_model: "",
      other_model: "",
      error_type: "",
      labels: {},
    },
    numbers: difference.numbers as PairRow["numbers"],
    ...{ changed: difference.changed, served_values: difference.servedValues, other_values: difference.otherValues },
  };
};

/** The same entries in an order that a seed gives. */
const shuffled = <T>(entries: readonly T[], seed: number): readonly T[] => {
  const random = seededRandom(seed);
  return entries
    .map((each) => [random(), each] as const)
    .sort(([a], [b]) => a - b)
    .map(([, each]) => each);
};

/** Pairs of two cohorts: by prompt where both have it, else at random: answers to other prompts of the same task. */
export const crossed = (records: readonly AnswerRecord[], seed: number): readonly PairRow[] => {
  const of = (arm: Arm): readonly AnswerRecord[] => records.filter(({ cohort }) => cohort === arm);
  const byPrompt = new Map(of("canary").map((record) => [record.prompt_id, record] as const));
  const others = shuffled(of("canary"), seed);
  const isPaired = of("baseline").some(({ prompt_id }) => byPrompt.has(prompt_id));
  return of("baseline").flatMap((served, at) => {
    const other = isPaired ? byPrompt.get(served.prompt_id) : others[at];
    return other === undefined ? [] : [rowOf("candidate", served, other)];
  });
};

/** Pairs of one cohort's own answers, dealt so many times: the widest reruns there can be, of other prompts of the task. */
export const dealt = (
  kind: PairKind,
  records: readonly AnswerRecord[],
  times: number,
  seed: number,
): readonly PairRow[] =>
  Array.from({ length: times }, (_, time) => shuffled(records, seed + time)).flatMap((order) =>
    order.flatMap((served, at) => {
      const other = at % 2 === 0 ? order[at + 1] : undefined;
      return other === undefined ? [] : [rowOf(kind, served, other)];
    }),
  );
