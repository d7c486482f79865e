import type { Arm } from "../../core/cohort.ts";
import { mergeSamples } from "../../core/merge-samples.ts";
import {
  type CallCount,
  type HeavySample,
  type Intake,
  OVERALL,
  type Sample,
  type ServedBy,
  type Tick,
  type TickPart,
} from "../../core/sample.ts";
import { isSignalName } from "../../core/signals.ts";
import {
  ARRIVALS,
  ASSIGNED,
  AUDIENCE,
  CALLS,
  CARRIED,
  CLOCK_STEP,
  DESIGN_EFFECT,
  EVALUATIONS,
  HEAVY,
  LASTING_EFFECT,
  LOSSES,
  MOVED,
  REST_EFFECT,
  SERVED_BY,
  UNASSIGNED,
} from "../schema/samples.ts";
import { readPart } from "./audience-sql.ts";

/** One row of `samples`, times as epoch ms. */
export interface SampleRow {
  readonly tick_from: number;
  readonly tick_to: number;
  readonly stage: number;
  readonly share: number;
  readonly cohort: Arm;
  readonly segment: string;
  /** A signal's name, or what store/schema/samples.ts calls the rows that are about something else. */
  readonly signal: string;
  readonly n: number;
  readonly sum: number;
  readonly bins: Readonly<Record<string, number>>;
}

type Bins = SampleRow["bins"];

const callsOf = ({ cohort, segment, n }: SampleRow): CallCount => ({ cohort, segment, calls: n });

const sampleOf = ({ signal, cohort, segment, n, sum, bins }: SampleRow): readonly Sample[] =>
  isSignalName(signal) ? [{ signal, cohort, segment, n, sum, bins }] : [];

/** Which part of the traffic a row is of, null = everybody's, and the row without it. */
const ofPart = (row: SampleRow): readonly [part: string | null, row: SampleRow] => {
  const at = row.signal.startsWith(HEAVY) ? row.segment.indexOf(" ") + 1 : 0;
  const [part, own] = readPart(row.segment.slice(at));
  return part === null ? [null, row] : [part, { ...row, segment: `${row.segment.slice(0, at)}${own}` }];
};

/** A cluster has no space in it; a segment may have. */
const heavyOf = ({ signal, segment: name, ...row }: SampleRow): readonly HeavySample[] => {
  if (!signal.startsWith(HEAVY)) return [];
  const at = name.indexOf(" ");
  const [cluster, segment] = [name.slice(0, at), name.slice(at + 1)];
  return sampleOf({ ...row, signal: signal.slice(HEAVY.length), segment }).map((sample) => ({ ...sample, cluster }));
};

/** The rows by what they are about. */
type Rows = (signal: string) => readonly SampleRow[];

const byArm = <T>(rows: readonly SampleRow[], of: (row: SampleRow) => T): Readonly<Partial<Record<Arm, T>>> =>
  Object.fromEntries(rows.map((row) => [row.cohort, of(row)]));

const servedOf = (rows: Rows): NonNullable<Intake["served"]> => {
  const served: Partial<Record<Arm, Partial<Record<ServedBy, Bins>>>> = {};
  for (const by of ["model", "fingerprint"] as const) {
    for (const { cohort, bins } of rows(SERVED_BY[by])) served[cohort] = { ...served[cohort], [by]: bins };
  }
  return served;
};

const countsOf = (rows: readonly SampleRow[]): Readonly<Record<Arm, number>> => ({
  ...{ baseline: 0, canary: 0 },
  ...byArm(rows, ({ n }) => n),
});

const assignedOf = (rows: readonly SampleRow[]): NonNullable<Intake["assigned"]> => ({
  ...countsOf(rows),
  identified: rows.reduce((total, { sum }) => total + sum, 0),
});

const unassignedOf = ({ n, sum, bins }: SampleRow): NonNullable<Intake["unassigned"]> => ({
  calls: n,
  own: sum,
  carried: bins,
});

const lossOf = ({ segment, sum, n }: SampleRow): NonNullable<Intake["losses"]>[number] => ({
  service: segment,
  lost: sum,
  calls: n,
});

/** A part nobody measured is left out: unknown is not zero. */
const intakeOf = (rows: Rows): Intake | null => {
  const [arrivals, assigned, losses, evaluations] = [ARRIVALS, ASSIGNED, LOSSES, EVALUATIONS].map(rows);
  const served = servedOf(rows);
  const [carried, moved] = [rows(CARRIED), rows(MOVED)];
  const [[step], [unassigned]] = [rows(CLOCK_STEP), rows(UNASSIGNED)];
  const parts = [
    arrivals?.length ? { arrivals: byArm(arrivals, ({ n, sum }) => ({ calls: n, late: sum })) } : {},
    Object.keys(served).length > 0 ? { served } : {},
    carried.length > 0 ? { carried: byArm(carried, ({ bins }) => bins) } : {},
    unassigned === undefined ? {} : { unassigned: unassignedOf(unassigned) },
    assigned?.length ? { assigned: assignedOf(assigned) } : {},
    losses?.length ? { losses: losses.map(lossOf) } : {},
    evaluations?.length ? { evaluations: countsOf(evaluations) } : {},
    moved.length > 0 ? { moved: byArm(moved, ({ n, sum }) => ({ calls: n, skewMs: sum })) } : {},
    step === undefined ? {} : { clockStepMs: step.sum },
  ];
  const intake: Intake = Object.assign({}, ...parts);
  return Object.keys(intake).length > 0 ? intake : null;
};

const effectsOf = (rows: readonly SampleRow[]): Pick<Tick, "designEffects"> =>
  rows.length === 0 ? {} : { designEffects: Object.fromEntries(rows.map(({ segment, sum }) => [segment, sum])) };

const lastingOf = (rows: readonly SampleRow[]): Pick<Tick, "lastingEffects"> =>
  rows.length === 0
    ? {}
    : { lastingEffects: Object.fromEntries(rows.map(({ segment, sum, n }) => [segment, { effect: sum, calls: n }])) };

const restOf = (rows: Rows): Pick<Tick, "restEffects"> => {
  const rest = { ...effectsOf(rows(REST_EFFECT.momentary)), ...lastingOf(rows(REST_EFFECT.lasting)) };
  return Object.keys(rest).length === 0 ? {} : { restEffects: rest };
};

const tickPartOf = (rows: readonly SampleRow[]): TickPart => {
  const heavy = rows.flatMap(heavyOf);
  return {
    calls: rows.filter(({ signal, segment, n }) => signal === CALLS && (n > 0 || segment === OVERALL)).map(callsOf),
    samples: rows.flatMap(sampleOf),
    ...(heavy.length === 0 ? {} : { heavy }),
  };
};

const partsOf = (rows: readonly SampleRow[]): Pick<Tick, "parts" | "judgedPart"> => {
  const judged = rows.findLast(({ signal }) => signal === AUDIENCE);
  const byPart = Map.groupBy(rows.filter(({ signal }) => signal !== AUDIENCE).map(ofPart), ([part]) => part);
  const parts = [...byPart].flatMap(([part, own]) =>
    part === null ? [] : [[part, tickPartOf(own.map(([, row]) => row))] as const],
  );
  const [judgedPart] = judged === undefined ? [null] : readPart(judged.segment);
  return {
    ...(parts.length === 0 ? {} : { parts: Object.fromEntries(parts) }),
    ...(judgedPart === null ? {} : { judgedPart }),
  };
};

/**
 * The tick that the rows of one `tick_to` make up, slots added together in the order of the rows. The same rows in the
 * same order always give the same tick, to the last bit. Null for no rows.
 */
export const tickOfRows = (migration: string, rows: readonly SampleRow[]): Tick | null => {
  const [first] = rows;
  if (first === undefined) return null;
  const merged = mergeSamples(rows, ({ cohort, signal, segment }) => `${cohort}\n${signal}\n${segment}`);
  const everybodys = merged.filter((row) => row.signal !== AUDIENCE && ofPart(row)[0] === null);
  const bySignal = Map.groupBy(everybodys, ({ signal }) => signal);
  const about: Rows = (signal) => bySignal.get(signal) ?? [];
  const intake = intakeOf(about);
  return {
    migration,
    from: first.tick_from,
    to: first.tick_to,
    stage: first.stage,
    share: first.share,
    ...tickPartOf(everybodys),
    ...partsOf(merged),
    ...effectsOf(about(DESIGN_EFFECT)),
    ...lastingOf(about(LASTING_EFFECT)),
    ...restOf(about),
    ...(intake === null ? {} : { intake }),
  };
};
