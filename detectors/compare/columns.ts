import { unreachable } from "../../core/exhaustive.ts";
import { shortNumber } from "../../core/short-number.ts";
import { MIN_EVENTS } from "../stats/effect-size.ts";
import type { Measure, Observation } from "./observation.ts";

/** One question put to both arms' answers. */
export interface Column {
  readonly measure: Measure;
  /** What an answer has or has not: the label, or the part of a number's range; null: the number's rank, or the flag itself. */
  readonly event: ColumnEvent | null;
  /** One value for each observation; NaN = unknown. */
  readonly values: Float64Array;
}

/** A part of the values of a measure. */
export interface ColumnEvent {
  readonly kind: "label" | "value" | "at-least" | "at-most";
  /** In words: `stop`, `3`, `30000 and more`. */
  readonly label: string;
}

/** Known answers of one arm below which a measure is not judged at all. */
const MIN_ANSWERS = 5;
/** Upper and lower shares of both arms' values that are looked at by themselves. */
const TAILS = [0.1, 0.05, 0.01] as const;
/** A tail that holds more than this is no tail: a lump reaches into it. */
const MAX_TAIL = 0.2;
/** The commonest values of a number, and labels, that are looked at by themselves. */
const MAX_VALUES = 4;
const MIN_VALUE_SHARE = 0.02;
const MAX_LABELS = 30;
const MIN_LABEL_SHARE = 0.01;

/** One measure of each answer; undefined = unknown. */
type Given = readonly (number | string | undefined)[];

const numbersOf = (given: Given): Float64Array => {
  const numbers = new Float64Array(given.length);
  given.forEach((value, i) => {
    numbers[i] = typeof value === "number" ? value : Number.NaN;
  });
  return numbers;
};

/** True where both what has the event and what has it not are enough to tell of a change. Says nothing of the arms. */
const isTelling = (events: number, known: number): boolean => Math.min(events, known - events) >= MIN_EVENTS;

const countOf = (values: Float64Array, isOne: (value: number) => boolean): number => {
  let count = 0;
  for (const value of values) if (isOne(value)) count += 1;
  return count;
};

const commonest = <T>(counts: ReadonlyMap<T, number>, atLeast: number, most: number): readonly T[] =>
  [...counts]
    .filter(([, n]) => n >= atLeast)
    .sort((a, b) => b[1] - a[1])
    .slice(0, most)
    .map(([value]) => value);

const countEach = <T>(values: Iterable<T>): ReadonlyMap<T, number> => {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};

interface NumberEvent extends ColumnEvent {
  readonly has: (value: number) => boolean;
}

const tailEvents = (sorted: Float64Array): readonly NumberEvent[] =>
  TAILS.flatMap((share) => {
    const at = Math.floor(share * sorted.length);
    const [low, high] = [sorted[at] ?? 0, sorted[sorted.length - 1 - at] ?? 0];
    return [
      { kind: "at-least", label: `${shortNumber(high)} and more`, has: (value) => value >= high } as const,
      { kind: "at-most", label: `${shortNumber(low)} and less`, has: (value) => value <= low } as const,
    ];
  });

const valueEvents = (counts: ReadonlyMap<number, number>, known: number): readonly NumberEvent[] =>
  commonest(counts, MIN_VALUE_SHARE * known, MAX_VALUES).map((value) => ({
    ...{ kind: "value", label: shortNumber(value) },
    has: (each) => each === value,
  }));

const indicator = (values: Float64Array, has: (value: number) => boolean): Float64Array =>
  values.map((value) => (Number.isNaN(value) ? value : Number(has(value))));

/** The rank of a number, its tails and its commonest values; what divides the answers as another one does is left out. */
const numberColumns = (measure: Measure, values: Float64Array): readonly Column[] => {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const [lowest, highest] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  const isFlag = countOf(sorted, (value) => value === lowest || value === highest) === sorted.length;
  const counts = countEach(sorted);
  let mode = 0;
  for (const n of counts.values()) mode = Math.max(mode, n);
  if (!isTelling(mode, sorted.length) && sorted.length - mode < MIN_EVENTS) return [];
  const rank = { measure, event: null, values };
  if (isFlag) return [rank];
  const seen = new Set<string>();
  const events = [...tailEvents(sorted), ...valueEvents(counts, sorted.length)].filter(({ kind, has }) => {
    const n = countOf(sorted, has);
    const isTail = kind !== "value";
    // Of one number, events of as many answers that begin at the same one are the same.
    const key = `${n} ${sorted.findIndex(has)}`;
    if (seen.has(key) || !isTelling(n, sorted.length) || (isTail && n > MAX_TAIL * sorted.length)) return false;
    seen.add(key);
    return true;
  });
  return [
    rank,
    ...events.map(({ kind, label, has }) => ({ measure, event: { kind, label }, values: indicator(values, has) })),
  ];
};

const labelColumns = (measure: Measure, labels: Given): readonly Column[] => {
  const known = labels.filter((label) => label !== undefined);
  const named = commonest(countEach(known), Math.max(MIN_EVENTS, MIN_LABEL_SHARE * known.length), MAX_LABELS);
  return named
    .filter((label) => isTelling(known.filter((each) => each === label).length, known.length))
    .map((label) => ({
      measure,
      event: { kind: "label", label: String(label) },
      values: Float64Array.from(labels, (each) => (each === undefined ? Number.NaN : Number(each === label))),
    }));
};

const flagColumns = (measure: Measure, values: Float64Array): readonly Column[] => {
  const known = countOf(values, (value) => !Number.isNaN(value));
  return isTelling(
    countOf(values, (value) => value === 1),
    known,
  )
    ? [{ measure, event: null, values }]
    : [];
};

const isKnown = (given: Given, observations: readonly Observation[]): boolean => {
  const known = { canary: 0, baseline: 0 };
  observations.forEach(({ arm }, i) => {
    if (given[i] !== undefined) known[arm] += 1;
  });
  return Math.min(known.canary, known.baseline) >= MIN_ANSWERS;
};

/** The answers' values by measure, in one walk over what each of them has. */
const givenOf = (names: readonly string[], observations: readonly Observation[]): ReadonlyMap<string, Given> => {
  const given = new Map(
    names.map((name) => [name, new Array<number | string | undefined>(observations.length).fill(undefined)]),
  );
  observations.forEach(({ values }, i) => {
    for (const [name, value] of values) {
      const own = given.get(name);
      if (own !== undefined) own[i] = value;
    }
  });
  return given;
};

const columnsOfOne = (measure: Measure, given: Given, observations: readonly Observation[]): readonly Column[] => {
  if (!isKnown(given, observations)) return [];
  switch (measure.kind) {
    case "label":
      return labelColumns(measure, given);
    case "flag":
      return flagColumns(measure, numbersOf(given));
    case "number":
      return numberColumns(measure, numbersOf(given));
    default:
      return unreachable(measure.kind);
  }
};

/**
 * Everything that is asked of the measures, in their order. What is asked comes from both arms' values together and says nothing
 * of which arm is which, so that equal arms stay exchangeable. Nothing of a measure of which too little is known or nothing
 * varies.
 */
export const columnsOf = (measures: readonly Measure[], observations: readonly Observation[]): readonly Column[] => {
  const given = givenOf(
    measures.map(({ name }) => name),
    observations,
  );
  return measures.flatMap((measure) => columnsOfOne(measure, given.get(measure.name) ?? [], observations));
};
