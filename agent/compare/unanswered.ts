import type { Arm } from "../../core/cohort.ts";
import type { AnswerRecord } from "./record.ts";

/** A prompt that one arm has no record of at all. */
export interface UnansweredPrompt {
  readonly cohort: Arm;
  readonly task: string;
  readonly prompt: string;
}

/** Share of the smaller arm's prompts that the other one has too, from which on both were meant to answer the same ones. */
const SHARED = 0.5;

/** Prompt ids are of their task. */
export const promptOf = ({ task = "", prompt_id: prompt }: AnswerRecord): string | null =>
  prompt === undefined ? null : `${task}/${prompt}`;

const promptsOf = (records: readonly AnswerRecord[], arm: Arm): ReadonlyMap<string, string> =>
  new Map(
    records.flatMap((record) => {
      const prompt = record.cohort === arm ? promptOf(record) : null;
      return prompt === null ? [] : [[prompt, record.task ?? ""] as const];
    }),
  );

/** The prompts that only one arm has, where the arms were asked the same ones; prompts of live traffic are each their own. */
export const unansweredPrompts = (records: readonly AnswerRecord[]): readonly UnansweredPrompt[] => {
  const [canary, baseline] = [promptsOf(records, "canary"), promptsOf(records, "baseline")];
  const shared = [...canary.keys()].filter((prompt) => baseline.has(prompt)).length;
  if (shared === 0 || shared < SHARED * Math.min(canary.size, baseline.size)) return [];
  const missing = (cohort: Arm, own: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>) =>
    [...other].filter(([prompt]) => !own.has(prompt)).map(([prompt, task]) => ({ cohort, task, prompt }));
  return [...missing("canary", canary, baseline), ...missing("baseline", baseline, canary)];
};
