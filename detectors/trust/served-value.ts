/** Answers that are needed before anything is said, of the arm's beginning and of its newest time alike. */
export const MIN_ANSWERS = 200;

/** The newest answers span at least this long: a stray minute is no change. */
const MIN_SPAN_MS = 600_000;
/** A value with this share of the answers is one of those in use. */
const IN_USE = 0.05;
/** The values in use have to make up this share, or the values are no names: an id per call, a different one per pod. */
const MUST_COVER = 0.8;
/** A value that was not in use takes over when it has more than this share of the newest answers. */
const MAJORITY = 0.5;
/** Changes within a day from which on the values rotate, and mean nothing. */
const MAX_CHANGES = 3;
const DAY_MS = 86_400_000;

type Counts = Readonly<Record<string, number>>;

interface Slice {
  readonly from: number;
  readonly to: number;
  readonly answers: number;
  readonly counts: Counts;
  /** It holds a value that was not in use then: only where there are such is anything to be looked for. */
  readonly isStrange: boolean;
}

/** Something else answers than before. */
export interface ServedChange {
  readonly before: string;
  readonly after: string;
}

/** Follows one attribute of one arm's answers. */
export interface ServedValue {
  /** Takes the counts of a tick in; the change it shows, or null. */
  readonly step: (slice: {
    readonly from: number;
    readonly to: number;
    readonly counts: Counts;
  }) => ServedChange | null;
}

const total = (counts: Counts): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Values come from production text, so a lookup must not find what every object inherits. */
const sumOf = (slices: readonly Slice[]): ReadonlyMap<string, number> => {
  const sum = new Map<string, number>();
  for (const { counts } of slices) {
    for (const [value, count] of Object.entries(counts)) sum.set(value, (sum.get(value) ?? 0) + count);
  }
  return sum;
};

/** The newest slices that are needed to have enough answers over enough time. */
const newest = (slices: readonly Slice[]): readonly Slice[] => {
  const end = slices.at(-1)?.to ?? 0;
  let answers = 0;
  let first = slices.length;
  while (first > 0 && (answers < MIN_ANSWERS || end - (slices[first]?.from ?? end) < MIN_SPAN_MS)) {
    first -= 1;
    answers += slices[first]?.answers ?? 0;
  }
  return slices.slice(first);
};

const enough = (slices: readonly Slice[]): boolean =>
  slices.reduce((sum, { answers }) => sum + answers, 0) >= MIN_ANSWERS &&
  (slices.at(-1)?.to ?? 0) - (slices[0]?.from ?? 0) >= MIN_SPAN_MS;

/** The values in use among the answers, the commonest first; null where they cover too little to be names. */
const inUse = (slices: readonly Slice[]): readonly string[] | null => {
  const counts = sumOf(slices);
  const answers = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const used = [...counts]
    .filter(([, count]) => count >= IN_USE * answers)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const covered = used.reduce((sum, [, count]) => sum + count, 0);
  return covered >= MUST_COVER * answers ? used.map(([value]) => value) : null;
};

/**
 * A change is a value that was never in use in this arm and now has the majority of its newest answers: at least 200,
 * over at least ten minutes. A stray answer is none, nor are two names that take turns: what has been in use once does
 * not count as new again. Values of which none is in use, or that change more than three times a day, say nothing.
 */
export const createServedValue = (): ServedValue => {
  let recent: readonly Slice[] = [];
  let current: string | null = null;
  let changes: readonly number[] = [];
  const familiar = new Set<string>();

  const settle = (): void => {
    const used = inUse(recent);
    current = used?.[0] ?? null;
    for (const value of used ?? []) familiar.add(value);
  };
  const takeover = (): string | null => {
    const counts = sumOf(recent);
    const answers = recent.reduce((sum, slice) => sum + slice.answers, 0);
    const found = [...counts].find(([value, count]) => count > MAJORITY * answers && !familiar.has(value));
    return found?.[0] ?? null;
  };

  return {
    step: ({ from, to, counts }) => {
      const answers = total(counts);
      if (answers === 0) return null;
      const isStrange = Object.keys(counts).some((value) => !familiar.has(value));
      recent = newest([...recent, { from, to, answers, counts, isStrange }]);
      if (!enough(recent)) return null;
      if (current === null) {
        settle();
        return null;
      }
      const after = recent.some((slice) => slice.isStrange) ? takeover() : null;
      if (after === null) return null;
      const before = current;
      settle();
      changes = [...changes.filter((at) => at > to - DAY_MS), to];
      return current === null || changes.length > MAX_CHANGES ? null : { before, after };
    },
  };
};
