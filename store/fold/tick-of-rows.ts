import type { Arm } from "../../core/cohort.ts";
import { type CallCount, OVERALL, type Sample, type Tick } from "../../core/sample.ts";
import type { SignalName } from "../../core/signals.ts";
import { CALLS, DESIGN_EFFECT } from "../schema/samples.ts";

/** One row of `samples`, times as epoch ms. */
export interface SampleRow {
  readonly tick_from: number;
  readonly tick_to: number;
  readonly stage: number;
  readonly share: number;
  readonly cohort: Arm;
  readonly segment: string;
  readonly signal: SignalName | typeof CALLS | typeof DESIGN_EFFECT;
  readonly n: number;
  readonly sum: number;
  readonly bins: Readonly<Record<string, number>>;
}

type Bins = SampleRow["bins"];

const addBins = (a: Bins, b: Bins): Bins => {
  const sum = new Map(Object.entries(a));
  for (const [bin, count] of Object.entries(b)) sum.set(bin, (sum.get(bin) ?? 0) + count);
  return Object.fromEntries([...sum].toSorted(([x], [y]) => (x < y ? -1 : 1)));
};

const mergeSlots = (rows: readonly SampleRow[]): readonly SampleRow[] => {
  const merged = new Map<string, SampleRow>();
  for (const row of rows) {
    const key = JSON.stringify([row.segment, row.signal, row.cohort]);
    const { n, sum, bins } = merged.get(key) ?? { n: 0, sum: 0, bins: {} };
    merged.set(key, { ...row, n: n + row.n, sum: sum + row.sum, bins: addBins(bins, row.bins) });
  }
  return [...merged.values()];
};

const callsOf = ({ cohort, segment, n }: SampleRow): CallCount => ({ cohort, segment, calls: n });

const sampleOf = ({ signal, cohort, segment, n, sum, bins }: SampleRow): readonly Sample[] =>
  signal === CALLS || signal === DESIGN_EFFECT ? [] : [{ signal, cohort, segment, n, sum, bins }];

const isEffect = ({ signal }: SampleRow): boolean => signal === DESIGN_EFFECT;

/**
 * The tick that the rows of one `tick_to` make up, slots added together in the order of the rows. The same rows in the
 * same order always give the same tick, to the last bit. Null for no rows.
 */
export const tickOfRows = (migration: string, rows: readonly SampleRow[]): Tick | null => {
  const [first] = rows;
  if (first === undefined) return null;
  const [effects, counts] = [rows.filter(isEffect), rows.filter((row) => !isEffect(row))];
  const merged = mergeSlots(counts);
  return {
    migration,
    from: first.tick_from,
    to: first.tick_to,
    stage: first.stage,
    share: first.share,
    calls: merged.filter(({ signal, segment, n }) => signal === CALLS && (n > 0 || segment === OVERALL)).map(callsOf),
    samples: merged.flatMap(sampleOf),
    ...(effects.length === 0
      ? {}
      : { designEffects: Object.fromEntries(effects.map(({ segment, sum }) => [segment, sum])) }),
  };
};
