import { decide } from "../../../lifecycle/decide.ts";
import { NOT_STARTED } from "../../../lifecycle/state.ts";
import { FAILURES, heavyWorld, type Minute } from "../../detection/heavy-world.ts";
import { migrationOf } from "../../detection/one-rule.ts";
import type { DirtyCase, DirtyKind } from "../case.ts";

const HEALTHY = { canary: { calls: 20, fails: 0.01 }, baseline: { calls: 380, fails: 0.01 } };
const ILL = { ...HEALTHY, canary: { calls: 20, fails: 0.2 } };
const HALF = "user:00112233aabbccdd";
const HOUR = 60;
/** When it begins, minutes. */
const START = 11;

/** What had been decided by the end: the gravest. */
const decided = (minutes: number, minuteOf: (minute: number) => Minute): string => {
  const kinds = heavyWorld(minutes, 1, minuteOf).map((verdict, at) => {
    const judgement = { migration: "simulated", at, stage: 0, verdicts: [verdict] };
    return decide(migrationOf([FAILURES]), { ...NOT_STARTED, hash: "h" }, judgement, at).kind;
  });
  return (["rollback", "pause"] as const).find((kind) => kinds.includes(kind)) ?? "continue";
};

const says = (input: string, right: string, before: string, minuteOf: (minute: number) => Minute): DirtyCase => ({
  ...{ input, right, before },
  measure: () => decided(2 * HOUR, minuteOf),
  isRight: (said) => said === right,
});

const since =
  (heavy: Minute["heavy"], others = HEALTHY) =>
  (minute: number): Minute =>
    minute < START ? { others: HEALTHY, heavy: {} } : { others, heavy };

const ALL_FAIL = { calls: 20, fails: 1 };
const NOBODY = { canary: { calls: 0, fails: 0 }, baseline: { calls: 0, fails: 0 } };
/** What is told of likeness once the user's calls are in the estimate. */
const ALIKE = { designEffects: { error: 400 }, restEffects: { designEffects: { error: 1.2 } } };

/** Whoever makes half the calls, and fails, is one draw: that pauses; harm to everybody else still rolls back. */
export const oneHeavyUser: DirtyKind = {
  kind: "one heavy user or conversation",
  cases: [
    says("a user with half of the canary's calls fails", "pause", "rollback", since({ canary: { [HALF]: ALL_FAIL } })),
    says("a conversation does", "pause", "rollback", since({ canary: { "conversation:77": ALL_FAIL } })),
    says(
      "a user with a tenth of the calls has most failures",
      "pause",
      "rollback",
      since({ canary: { [HALF]: { calls: 2, fails: 1 } } }),
    ),
    says(
      "the heavy user fails, and so does a fifth of all",
      "rollback",
      "rollback",
      since({ canary: { [HALF]: ALL_FAIL } }, ILL),
    ),
    says("a heavy user of the baseline fails, and hides a canary of 20%", "rollback", "continue", (minute) => ({
      ...since({ baseline: { [HALF]: { calls: 380, fails: 0.6 } } }, minute < HOUR ? HEALTHY : ILL)(minute),
      ...(minute % 10 === 0 && minute >= 20 ? { effects: ALIKE } : {}),
    })),
    says(
      "five heavy users, half of whose calls fail",
      "rollback",
      "rollback",
      since({ canary: Object.fromEntries([1, 2, 3, 4, 5].map((i) => [`user:${i}`, { calls: 8, fails: 0.5 }])) }),
    ),
    says("all calls are one user's, and the canary's fail", "pause", "rollback", () => ({
      others: NOBODY,
      heavy: { canary: { [HALF]: ALL_FAIL }, baseline: { [HALF]: { calls: 380, fails: 0.01 } } },
    })),
    says(
      "a heavy user in each arm, like everybody",
      "continue",
      "continue",
      since({ canary: { [HALF]: { calls: 20, fails: 0.01 } }, baseline: { [HALF]: { calls: 380, fails: 0.01 } } }),
    ),
  ],
};
