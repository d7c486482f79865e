import type { PairOutcome, PairRow } from "../../core/pair-row.ts";
import { printableLine } from "../../core/printable.ts";
import { shortText } from "../../core/short-text.ts";
import type { Coverage, SegmentCoverage, ValueCoverage } from "./pair-report.ts";

/** Names, and values of a name, that are counted apart; those that are told; characters that tell one from another. */
const [MAX_NAMES, MAX_VALUES, TOLD, MAX_CHARS] = [16, 1000, 50, 128];

type Counts = Partial<Record<PairOutcome, number>>;

interface OpenName {
  readonly values: Map<string, Counts>;
  /** Of values that came when there was no room any more. */
  readonly rest: Counts;
}

const add = (counts: Counts, outcome: PairOutcome, calls: number): void => {
  counts[outcome] = (counts[outcome] ?? 0) + calls;
};

/** Calls of all outcomes. */
export const callsOf = (coverage: Coverage): number => Object.values(coverage).reduce((sum, calls) => sum + calls, 0);

const merged = (all: readonly Counts[]): Counts => {
  const sum: Counts = {};
  for (const counts of all)
    for (const [outcome, calls] of Object.entries(counts)) add(sum, outcome as PairOutcome, calls);
  return sum;
};

const readValue = (value: string | null, coverage: Coverage): ValueCoverage => {
  const calls = callsOf(coverage);
  return { value, calls, shadowed: calls === 0 ? null : (coverage.paired ?? 0) / calls, coverage };
};

/** A difference of counts, without what nothing is left of. */
const less = (all: Coverage, part: Coverage): Coverage =>
  Object.fromEntries(
    Object.entries(all).flatMap(([outcome, calls]) => {
      const left = calls - (part[outcome as PairOutcome] ?? 0);
      return left > 0 ? [[outcome, left]] : [];
    }),
  );

/** Served calls of every segment by what became of them. Memory is bounded, whatever comes. */
export const createSegmentCoverage = () => {
  const names = new Map<string, OpenName>();

  const openName = (name: string): OpenName | null => {
    const known = names.get(name);
    if (known !== undefined || names.size >= MAX_NAMES) return known ?? null;
    const created = { values: new Map<string, Counts>(), rest: {} };
    names.set(name, created);
    return created;
  };

  const countsOf = ({ values, rest }: OpenName, value: string): Counts => {
    const known = values.get(value);
    if (known !== undefined) return known;
    if (values.size >= MAX_VALUES) return rest;
    const created = {};
    values.set(value, created);
    return created;
  };

  const read = (name: string, { values, rest }: OpenName, all: Coverage): SegmentCoverage => {
    const sorted = [...values].toSorted(
      ([a, x], [b, y]) => callsOf(y as Coverage) - callsOf(x as Coverage) || (a < b ? -1 : 1),
    );
    const others = sorted.slice(TOLD).map(([, counts]) => counts);
    const known = merged([...values.values(), rest]) as Coverage;
    return {
      name: printableLine(shortText(name, MAX_CHARS)),
      values: sorted.slice(0, TOLD).map(([value, counts]) => readValue(value, counts as Coverage)),
      others: readValue(null, merged([...others, rest]) as Coverage),
      unknown: readValue(null, less(all, known)),
    };
  };

  return {
    /** A served call that was to be asked of the candidate, or several. */
    add: ({ segments, outcome, calls }: Pick<PairRow, "segments" | "outcome" | "calls">): void => {
      for (const [name, value] of Object.entries(segments)) {
        const open = name === "" ? null : openName(name.slice(0, MAX_CHARS));
        if (open !== null) add(countsOf(open, value.slice(0, MAX_CHARS)), outcome, calls);
      }
    },
    /** The names in their order; `all`: of every call, with and without segments. */
    read: (all: Coverage): readonly SegmentCoverage[] =>
      [...names].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, open]) => read(name, open, all)),
  };
};
