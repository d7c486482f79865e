import type { Arm } from "../../../core/cohort.ts";
import type { Tick } from "../../../core/sample.ts";
import { decide } from "../../../detectors/decide.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { NOT_STARTED } from "../../../detectors/history.ts";
import { MINUTE_MS, migrationOf } from "../one-rule.ts";
import { type Minute, SHARE, type Stream } from "../streams/stream.ts";
import { joinedRandom } from "../whole/joined-random.ts";
import type { Acted, Case, RunResult } from "./case.ts";
import { methodsOf } from "./methods.ts";

const ARMS: readonly Arm[] = ["canary", "baseline"];

const tickOf = ({ signal }: Stream, minute: number, seen: Minute): Tick => ({
  migration: "simulated",
  from: minute * MINUTE_MS,
  to: (minute + 1) * MINUTE_MS,
  stage: 0,
  share: SHARE,
  calls: ARMS.map((cohort) => ({ cohort, segment: "", calls: seen[cohort].n })),
  samples: ARMS.map((cohort) => ({ signal, cohort, segment: "", ...seen[cohort] })),
});

/** The shipped engine and decide(): true once the rule rolls back, or is called clear where the row asks for that. */
const createLeeway = ({ rule, stream, asked }: Case): ((seen: Minute, minute: number) => boolean) => {
  const migration = migrationOf([rule], SHARE);
  const engine = createEngine(migration);
  const state = { ...NOT_STARTED, hash: migration.hash };
  const looksForClear = asked === "clear" || asked === "never clear";
  return (seen, minute) => {
    const judgement = engine.step(tickOf(stream, minute, seen), "outcome");
    if (looksForClear) return judgement.verdicts[0]?.outcome === "clear";
    return decide(migration, state, judgement, judgement.at).kind === "rollback";
  };
};

/** One seeded run of a row: every method sees the same minutes, until all have acted or the time is over. */
export const runCase = (row: Case, seed: number): RunResult => {
  const random = joinedRandom(seed);
  const others = methodsOf(row).map(({ create }) => (row.measured === null ? null : create(row.measured)));
  const methods = [createLeeway(row), ...others];
  const acted: Acted[] = methods.map(() => null);
  const isDone = (): boolean => methods.every((method, i) => method === null || acted[i] !== null);
  for (let minute = 0; minute < row.minutes && !isDone(); minute++) {
    const seen = row.stream.at(random, minute);
    methods.forEach((method, i) => {
      if (method !== null && acted[i] === null && method(seen, minute)) acted[i] = minute;
    });
    // Once Leeway has acted, the rest of the run only matters while others are still at it; a day is enough for them.
    const own = acted[0];
    if (typeof own === "number" && row.asked !== "no alarm" && minute > 20 * (own - row.onset) + row.onset + 60) break;
  }
  return acted;
};
