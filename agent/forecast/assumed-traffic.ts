import type { Arm } from "../../core/cohort.ts";
import { mergeSamples } from "../../core/merge-samples.ts";
import type { Migration } from "../../core/migration.ts";
import { DAY_MS } from "../../core/retention.ts";
import { OVERALL, type Sample, type Tick } from "../../core/sample.ts";
import { shareOfStage } from "../../lifecycle/stages.ts";
import { ASSUMED_VALUES, type AssumedSignal, assumedSignals } from "./assumed-signals.ts";
import { countFrom, drawsOf, eventsFrom } from "./draw-calls.ts";
import { partOfStage } from "./part-of-stage.ts";
import { createToldEffects } from "./told-effects.ts";
import { drawUserLuck } from "./user-luck.ts";
import type { NextTick } from "./walk-stages.ts";

/** The calls that a forecast assumes. */
export interface AssumedTraffic {
  /** Both arms together. */
  readonly callsPerDay: number;
  /** Users who make them, each in one arm for good. */
  readonly users: number;
}

const ARMS: readonly Arm[] = ["canary", "baseline"];

/** A number of things dealt out by the values' parts: those of all values are those things. */
const dealt = (random: () => number, all: number): readonly number[] => {
  let [left, rest] = [all, 1];
  return ASSUMED_VALUES.map(({ share }, i) => {
    const own = i === ASSUMED_VALUES.length - 1 ? left : eventsFrom(random, left, Math.min(1, share / rest));
    left -= own;
    rest -= share;
    return own;
  });
};

/** The calls of one arm in one tick: all, and those of each value of a segment's name. */
interface ArmCalls {
  readonly all: number;
  readonly of: ReadonlyMap<string, readonly number[]>;
}

/** Draws the ticks of one run, one after the other; reproducible by `random`. `assumed`: what the calls are like; default: a healthy candidate's. */
export const createAssumedTraffic = (
  random: () => number,
  migration: Migration,
  traffic: AssumedTraffic,
  assumed: readonly AssumedSignal[] = assumedSignals(migration),
): NextTick => {
  const shares = migration.stages.map((stage) => shareOfStage(stage) * partOfStage(stage));
  const signals = assumed.map((signal) => ({
    ...signal,
    luck: drawUserLuck(random, signal.trait, traffic.users, shares),
    draws: { baseline: drawsOf(signal, signal.level), canary: drawsOf(signal, signal.canaryLevel) },
  }));
  const told = createToldEffects(signals, traffic);
  /** A clear waits for segments only where a rule names them: the others would cost time and tell nothing. */
  const names = [...new Set(signals.flatMap(({ by }) => by))];

  const callsOf = (mean: number): ArmCalls => {
    const all = countFrom(random, mean);
    return { all, of: new Map(names.map((name) => [name, dealt(random, all)])) };
  };

  const samplesOf = (signal: (typeof signals)[number], arm: Arm, calls: ArmCalls, share: number): readonly Sample[] => {
    const luck = signal.luck(share)[arm];
    const sampleOf = (segment: string, of: number): Sample => {
      const known = signal.known < 1 ? eventsFrom(random, of, signal.known) : of;
      return { signal: signal.name, cohort: arm, segment, ...signal.draws[arm](random, known, luck) };
    };
    if (signal.by.length === 0) return [sampleOf(OVERALL, calls.all)];
    const drawn = signal.by.map((name) =>
      ASSUMED_VALUES.map(({ value }, i) => sampleOf(`${name}=${value}`, calls.of.get(name)?.[i] ?? 0)),
    );
    // All calls are those of one name's values together.
    const whole = (drawn[0] ?? []).map((sample) => ({ ...sample, segment: OVERALL }));
    return [...mergeSamples(whole, ({ segment }) => segment), ...drawn.flat()];
  };

  return ({ from, to, stage, share }) => {
    const length = (to - from) / DAY_MS;
    const effects = told.read();
    const at = migration.stages[stage];
    const part = at === undefined ? 1 : partOfStage(at);
    const samples: Sample[] = [];
    const counts: Tick["calls"][number][] = [];
    for (const arm of ARMS) {
      const calls = callsOf(traffic.callsPerDay * part * length * (arm === "canary" ? share : 1 - share));
      counts.push({ cohort: arm, segment: OVERALL, calls: calls.all });
      for (const [name, each] of calls.of)
        counts.push(
          ...ASSUMED_VALUES.map(({ value }, i) => ({ cohort: arm, segment: `${name}=${value}`, calls: each[i] ?? 0 })),
        );
      samples.push(
        ...signals.flatMap((signal) => samplesOf(signal, arm, calls, share * part)).filter(({ n }) => n > 0),
      );
    }
    told.add(length, samples);
    return { migration: migration.name, from, to, stage, share, calls: counts, samples, ...effects };
  };
};
