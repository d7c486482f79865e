import type { Arm } from "../../core/cohort.ts";
import { percent } from "../../core/percent.ts";
import { analyse } from "./analyse.ts";
import { answersOf, type Observation } from "./observation.ts";

/** Share of the answers that are of other tasks, from which on the mix is worth a note. */
const MIX_FLOOR = 0.1;
/** Tasks a note names: those that moved the most. */
const MIX_TASKS = 3;

const sharesOf = (answers: readonly Observation[]): ReadonlyMap<string, number> => {
  const shares = new Map<string, number>();
  for (const { stratum } of answers) shares.set(stratum, (shares.get(stratum) ?? 0) + 1 / answers.length);
  return shares;
};

const isChance = (observations: readonly Observation[], alpha: number): boolean => {
  const labelled = (["baseline", "canary"] as const).flatMap((arm: Arm) =>
    answersOf(observations, arm).map(({ conversation, stratum }) => ({
      ...{ arm, conversation, stratum: "", pair: null, values: new Map([["task", stratum]]) },
    })),
  );
  return analyse([{ name: "task", family: "mix", kind: "label" }], labelled, alpha).found.length === 0;
};

/** Says so when the arms answered different mixes of tasks; they are compared inside tasks, so it is no drift. */
export const mixNote = (observations: readonly Observation[], alpha: number): readonly string[] => {
  const before = sharesOf(answersOf(observations, "baseline"));
  const after = sharesOf(answersOf(observations, "canary"));
  const tasks = [...new Set([...before.keys(), ...after.keys()])].map((task) => {
    const [b, c] = [before.get(task) ?? 0, after.get(task) ?? 0];
    return { moved: Math.abs(c - b), text: `${task || "no task"} ${percent(b)} to ${percent(c)}` };
  });
  const moved = tasks.reduce((sum, each) => sum + each.moved, 0) / 2;
  if (moved < MIX_FLOOR || isChance(observations, alpha)) return [];
  const named = [...tasks].sort((a, b) => b.moved - a.moved).slice(0, MIX_TASKS);
  return [
    `the traffic mix changed (${named.map(({ text }) => text).join(", ")}); answers are compared inside each task, so this is not counted as drift`,
  ];
};
