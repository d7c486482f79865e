import type { Arm } from "../../../core/cohort.ts";
import type { Tick } from "../../../core/sample.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { LEARN_MS } from "../../../detectors/plan.ts";
import { decide } from "../../../lifecycle/decide.ts";
import { NOT_STARTED } from "../../../lifecycle/state.ts";
import { MINUTE_MS, migrationOf } from "../one-rule.ts";
import { CALLS, type Minute, SHARE, type Stream } from "../streams/stream.ts";
import { joinedRandom } from "../whole/joined-random.ts";
import type { Acted, Case, RunResult } from "./case.ts";
import { methodsOf } from "./methods.ts";
import { joined, partsOf, TICKS_A_MINUTE } from "./parts.ts";

const ARMS: readonly Arm[] = ["canary", "baseline"];

/** What the arms showed between two moments, in minutes. */
const tickOf = ({ signal }: Stream, from: number, to: number, seen: Minute): Tick => ({
  migration: "simulated",
  from: Math.round(from * MINUTE_MS),
  to: Math.round(to * MINUTE_MS),
  stage: 0,
  share: SHARE,
  calls: ARMS.map((cohort) => ({ cohort, segment: "", calls: seen[cohort].n })),
  samples: ARMS.map((cohort) => ({ signal, cohort, segment: "", ...seen[cohort] })),
});

/** The hour before the start, in which the baseline has all the calls it has later. */
const past = (stream: Stream, random: () => number): readonly Tick[] => {
  const minutes = LEARN_MS / MINUTE_MS;
  return Array.from({ length: minutes }, (_, i) => {
    const seen = stream.at(random, 0, { ...CALLS, canary: 0 });
    return tickOf(stream, i - minutes, i + 1 - minutes, seen);
  });
};

/** The shipped engine and decide(): true once the rule rolls back, or is called clear where the row asks for that. */
const createLeeway = ({ rule, asked }: Case, before: readonly Tick[]): ((tick: Tick) => boolean) => {
  const migration = migrationOf([rule], SHARE);
  const engine = createEngine(migration);
  for (const tick of before) engine.learn(tick);
  const state = { ...NOT_STARTED, hash: migration.hash };
  const looksForClear = asked === "clear" || asked === "never clear";
  return (tick) => {
    const judgement = engine.step(tick, "outcome");
    if (looksForClear) return judgement.verdicts[0]?.outcome === "clear";
    return decide(migration, state, judgement, judgement.at).kind === "rollback";
  };
};

/** Ticks are seconds where it is counted how soon something is found, and minutes for the days on which nothing is. */
const ticksIn = ({ asked, onset }: Case, minute: number): number =>
  (asked === "alarm" || asked === "clear") && minute >= onset ? TICKS_A_MINUTE : 1;

/** One seeded run of a row: every method sees the same minutes, until all have acted or the time is over. */
export const runCase = (row: Case, seed: number): RunResult => {
  const random = joinedRandom(seed);
  const leeway = createLeeway(row, past(row.stream, random));
  const others = methodsOf(row).map(({ create }) => (row.measured === null ? null : create(row.measured)));
  let own: Acted = null;
  const acted: Acted[] = others.map(() => null);
  const isDone = (): boolean => own !== null && others.every((method, i) => method === null || acted[i] !== null);
  for (let minute = 0; minute < row.minutes && !isDone(); minute++) {
    const ticks: number = own === null ? ticksIn(row, minute) : 1;
    const parts = partsOf(row.stream, random, minute, ticks);
    for (const [i, seen] of parts.entries()) {
      const [from, to]: readonly [number, number] = [minute + i / ticks, minute + (i + 1) / ticks];
      if (own === null && leeway(tickOf(row.stream, from, to, seen))) own = to;
    }
    const seen = joined(parts);
    others.forEach((method, i) => {
      if (method !== null && acted[i] === null && method(seen, minute)) acted[i] = minute + 1;
    });
    // Once Leeway has acted, the rest of the run only matters while others are still at it; a day is enough for them.
    if (own !== null && row.asked !== "no alarm" && minute > 20 * (own - row.onset) + row.onset + 60) break;
  }
  return [own, ...acted];
};
