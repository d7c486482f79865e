import { type FlagReadFailure, type FlagReport, isReadFailure, type RoutedFlag } from "../alerts/flags/flag-target.ts";
import type { Migration } from "../core/migration.ts";
import { drilledRule } from "../lifecycle/drill-breach.ts";
import { exposureText } from "../lifecycle/exposure-text.ts";
import { type MigrationState, stageAudience, stageShare } from "../lifecycle/state.ts";
import { rollbackText } from "../status/flag-view.ts";
import type { DrillRequest } from "./drill-run.ts";

/** What a drill would do, and whether it could. */
export interface DrillPlan {
  /** Null = whether the flag system would take the write cannot be known without one. */
  readonly isPossible: boolean | null;
  /** What stands in the way, one line; empty where nothing is known to. */
  readonly problem: string;
  /** What would be done, a line each, in its order. */
  readonly steps: readonly string[];
}

/** What a person asked for. */
export interface DrillOrder extends DrillRequest {
  /** True where nothing is to be written. */
  readonly isDry: boolean;
}

/** What became of it. */
export type DrillAnswer =
  /** `drill` is its name within the migration. */
  | { readonly outcome: "begun"; readonly drill: string }
  | { readonly outcome: "planned"; readonly plan: DrillPlan }
  | { readonly outcome: "unknown"; readonly problem: string }
  | { readonly outcome: "refused"; readonly problem: string };

const ruleText = (rule: string): string =>
  rule === ""
    ? "no rule rolls back by itself; the drill stands for a person's rollback"
    : `a breach of ${rule} is made up, and decided on`;

const writing = (answer: FlagReport | FlagReadFailure): Pick<DrillPlan, "isPossible" | "problem"> => {
  if (isReadFailure(answer))
    return { isPossible: false, problem: `the flag cannot be read (${answer.why}): ${answer.detail}` };
  const { mayWrite, mayWriteBecause, problems } = answer;
  if (mayWrite === false) return { isPossible: false, problem: `a rollback could not be written: ${mayWriteBecause}` };
  const [problem = ""] = problems;
  if (problem !== "") return { isPossible: false, problem };
  return {
    isPossible: mayWrite,
    problem: mayWrite === null ? `whether it may be written is not known: ${mayWriteBecause}` : "",
  };
};

/** The plan of a drill, from what the flag system says of its flag; `refusal` is why none may begin now, or "". `now` is epoch ms. */
export const drillPlan = (
  migration: Migration,
  state: MigrationState,
  {
    refusal,
    answer,
    flag,
    now,
  }: {
    readonly refusal: string;
    readonly answer: FlagReport | FlagReadFailure;
    readonly flag: RoutedFlag;
    readonly now: number;
  },
): DrillPlan => {
  const share = exposureText({
    share: stageShare(migration, state.stage),
    audience: stageAudience(migration, state.stage),
  });
  const found = refusal === "" ? writing(answer) : { isPossible: false, problem: refusal };
  return {
    ...found,
    steps: [
      ruleText(drilledRule(migration, state, now)),
      `flag ${flag.flag} (${flag.target}) goes from ${share} to 0% canary: ${rollbackText(flag.capabilities)}`,
      "it is read back, and everybody a rollback would be told to is told, marked DRILL",
      "the spans are watched until they prove that canary calls stopped, or cannot in time",
      `the flag goes back to ${share}, is read back, and the same people are told that it is over`,
    ],
  };
};
