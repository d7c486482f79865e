import type { Arm } from "../../core/cohort.ts";
import { mergeSamples } from "../../core/merge-samples.ts";
import type { Migration } from "../../core/migration.ts";
import { OVERALL, type Sample, type Tick } from "../../core/sample.ts";
import { shareOfStage } from "../../lifecycle/stages.ts";
import { assumedSignals, countFrom } from "./assumed-signals.ts";
import { drawUserLuck, traitEffect, traitShare } from "./user-luck.ts";

/** The calls that a forecast assumes. */
export interface AssumedTraffic {
  /** Both arms together. */
  readonly callsPerDay: number;
  /** Users who make them, each in one arm for good. */
  readonly users: number;
}

/** Values of each segment name, and their parts of the calls: what a document does not say. */
export const ASSUMED_VALUES: readonly { readonly value: string; readonly share: number }[] = [
  { value: "most", share: 0.6 },
  { value: "some", share: 0.3 },
  { value: "few", share: 0.1 },
];

const DAY_MS = 86_400_000;
/** Effects are measured over the calls of the newest days, and over all of them. */
const NEWEST_DAYS = 7;

const ARMS: readonly Arm[] = ["canary", "baseline"];

/** Draws the ticks of one run of healthy calls, one after the other; reproducible by `random`. */
export const createAssumedTraffic = (
  random: () => number,
  migration: Migration,
  { callsPerDay, users }: AssumedTraffic,
): ((tick: Pick<Tick, "from" | "to" | "stage" | "share">) => Tick) => {
  const shares = migration.stages.map(shareOfStage);
  const signals = assumedSignals(migration).map((signal) => {
    const trait = traitShare(signal.name);
    return { ...signal, trait, luck: drawUserLuck(random, trait, users, shares) };
  });
  let days = 0;

  /** A clear waits for segments only where a rule names them: the others would cost time and tell nothing. */
  const namesOf = (signal: string): readonly string[] => [
    ...new Set(migration.rules.flatMap((rule) => (rule.signal === signal && rule.by !== null ? [rule.by] : []))),
  ];
  const cellsOf = (names: readonly string[]) =>
    names.flatMap((name) => ASSUMED_VALUES.map(({ value, share }) => ({ segment: `${name}=${value}`, share })));
  const split = new Map(signals.map(({ name }) => [name, cellsOf(namesOf(name))]));
  const allCells = cellsOf([...new Set(migration.rules.flatMap(({ by }) => (by === null ? [] : [by])))]);

  const samplesOf = (arm: Arm, calls: number, share: number): readonly Sample[] =>
    signals.flatMap(({ name: signal, known, draw, luck }) => {
      const own = luck(share)[arm];
      const sampleOf = (segment: string, part: number): Sample => ({
        ...{ signal, cohort: arm, segment },
        ...draw(random, countFrom(random, calls * known * part), own),
      });
      const cells = split.get(signal) ?? [];
      if (cells.length === 0) return [sampleOf(OVERALL, 1)];
      const drawn = cells.map((cell) => sampleOf(cell.segment, cell.share));
      // All calls are those of one name's values together.
      const whole = drawn.slice(0, ASSUMED_VALUES.length).map((sample) => ({ ...sample, segment: OVERALL }));
      return [...mergeSamples(whole, ({ segment }) => segment), ...drawn];
    });

  const effects = (): Pick<Tick, "designEffects" | "lastingEffects"> => {
    const each = callsPerDay / users;
    const calls = callsPerDay * days;
    const [newest, all] = [each * Math.min(days, NEWEST_DAYS), each * days];
    const effectOf = (trait: number) => ({ effect: traitEffect(trait, all), calls });
    return {
      designEffects: Object.fromEntries(signals.map(({ name, trait }) => [name, traitEffect(trait, newest)])),
      lastingEffects: Object.fromEntries(signals.map(({ name, trait }) => [name, effectOf(trait)])),
    };
  };

  return ({ from, to, stage, share }) => {
    const length = (to - from) / DAY_MS;
    const told = days * callsPerDay < 1000 ? {} : effects();
    days += length;
    const samples: Sample[] = [];
    const calls: Tick["calls"][number][] = [];
    for (const arm of ARMS) {
      const n = countFrom(random, callsPerDay * length * (arm === "canary" ? share : 1 - share));
      calls.push({ cohort: arm, segment: OVERALL, calls: n });
      for (const cell of allCells)
        calls.push({ cohort: arm, segment: cell.segment, calls: Math.round(n * cell.share) });
      samples.push(...samplesOf(arm, n, share).filter(({ n: known }) => known > 0));
    }
    return { migration: migration.name, from, to, stage, share, calls, samples, ...told };
  };
};
