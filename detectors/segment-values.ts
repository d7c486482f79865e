import { mergeSamples } from "../core/merge-samples.ts";
import { DEFAULT_SEGMENT_VALUES, type SegmentOptionsByName } from "../core/migration.ts";
import { type HeavySample, OVERALL, otherOf, type Tick } from "../core/sample.ts";
import { createValueCounts, type ValueCount, type ValueCounts } from "./value-counts.ts";

/** Calls, and part of the calls that carry the name, from which on a value is judged by itself. */
const FLOOR_CALLS = 50;
const FLOOR_SHARE = 0.01;
/** Part of the calls below which nobody waits for a value to be proven, and its place may be given away. */
const GONE_SHARE = FLOOR_SHARE / 2;
/** Calls of a name before its rare values together are judged: until then every value looks rare. */
const OTHER_CALLS = 1000;
const HOUR_MS = 3_600_000;
/** An hour of the past counts as much as a minute of the migration once that has begun: mixes differ. */
const LEARNED_WEIGHT = 1 / 60;

/** Which segments are judged by themselves, and what part of the traffic each has. */
export interface SegmentValues {
  /** Takes in what was before judging began; the tick with rare values merged. */
  readonly learn: (tick: Tick) => Tick;
  /** The tick with the samples and calls of rare values merged into `name=*other*`. Ticks must come in order. */
  readonly take: (tick: Tick) => Tick;
  /** Part of the calls that carry the segment's name, of late, 0-1; of `*other*` those of values that are rare. */
  readonly shareOf: (segment: string) => number;
  /** False for a segment that has too few calls to be judged, or none any more: a clear does not wait for it. */
  readonly isWaitedFor: (segment: string) => boolean;
  /** False for a segment whose calls are judged in another: a rare value, and `*other*` before it is known to be that. */
  readonly isJudged: (segment: string) => boolean;
  /** What wealth is split over: shareOf() of every segment of the name (null: of all names) that has or will have 1%. */
  readonly sharesIn: (name: string | null) => readonly number[];
}

const nameOf = (segment: string): string => segment.slice(0, Math.max(0, segment.indexOf("=")));

/** Calls per segment: what the fold counted; where a tick carries no counts, what its samples know of. */
const callsIn = ({ calls, samples }: Tick): ReadonlyMap<string, number> => {
  const counted = new Map<string, number>();
  for (const { segment, calls: n } of calls) counted.set(segment, (counted.get(segment) ?? 0) + n);
  const known = new Map<string, Map<string, number>>();
  for (const { segment, signal, n } of samples) {
    if (segment === OVERALL || (counted.get(segment) ?? 0) > 0) continue;
    const ofSegment = known.get(segment) ?? new Map<string, number>();
    known.set(segment, ofSegment.set(signal, (ofSegment.get(signal) ?? 0) + n));
  }
  for (const [segment, bySignal] of known) counted.set(segment, Math.max(...bySignal.values()));
  counted.delete(OVERALL);
  return counted;
};

const mergedHeavy = (heavy: readonly HeavySample[], rename: (segment: string) => string): readonly HeavySample[] =>
  mergeSamples(
    heavy.map((sample) => ({ ...sample, segment: rename(sample.segment) })),
    ({ cohort, signal, segment, cluster }) => JSON.stringify([cohort, signal, segment, cluster]),
  );

/** Rows of renamed segments added together; the others stay as they are. */
const merged = (tick: Tick, rename: (segment: string) => string): Tick => {
  const isRare = ({ segment }: { readonly segment: string }): boolean => rename(segment) !== segment;
  if (!tick.samples.some(isRare) && !tick.calls.some(isRare)) return tick;
  const renamed = tick.samples.map((sample) => ({ ...sample, segment: rename(sample.segment) }));
  const calls = tick.calls.map(({ cohort, segment, calls: n }) => ({
    ...{ cohort, segment: rename(segment), n, sum: 0, bins: {} },
  }));
  const byArm = mergeSamples(calls, ({ cohort, segment }) => JSON.stringify([cohort, segment]));
  return {
    ...tick,
    ...(tick.heavy === undefined ? {} : { heavy: mergedHeavy(tick.heavy, rename) }),
    samples: mergeSamples(renamed, ({ cohort, signal, segment }) => JSON.stringify([cohort, signal, segment])),
    calls: byArm.map(({ cohort, segment, n }) => ({ cohort, segment, calls: n })),
  };
};

/**
 * Segment values that have seen nothing. A value is rare, and judged with the other rare ones as `name=*other*`, until it
 * has 50 calls and 1% of those that carry its name; from then on it is a segment of its own, never for what was before.
 * At most `values` of a name are (default 50), those that came first; one that is gone makes room for another. Rests on
 * counts of calls alone, so the same ticks always give the same segments, and no outcome can have chosen them.
 */
export const createSegmentValues = (options: SegmentOptionsByName = {}): SegmentValues => {
  const names = new Map<string, ValueCounts>();
  const own = new Map<string, Set<string>>();
  let hour: number | null = null;
  let isLearning = true;

  const countsOf = (segment: string): ValueCounts | undefined => names.get(nameOf(segment));
  const mostOf = (name: string): number => options[name]?.values ?? DEFAULT_SEGMENT_VALUES;
  /** Calls of values that will be a segment once they have 50; none where all places are taken, nor of `*other*` itself. */
  const isComing = (name: string, segment: string, { recent }: Readonly<ValueCount>, total: number): boolean =>
    recent >= FLOOR_SHARE * total && segment !== otherOf(segment) && (own.get(name)?.size ?? 0) < mostOf(name);
  const rareShare = (name: string): number => {
    const counts = names.get(name);
    if (counts === undefined || counts.total() === 0) return 0;
    const owned = own.get(name);
    let known = 0;
    for (const [segment, count] of counts.entries()) {
      if (owned?.has(segment) === true || isComing(name, segment, count, counts.total())) known += count.recent;
    }
    return Math.max(0, 1 - known / counts.total());
  };
  const shareOf = (segment: string): number => {
    if (segment === otherOf(segment)) return rareShare(nameOf(segment));
    const counts = countsOf(segment);
    return counts === undefined || counts.total() === 0 ? 0 : counts.recent(segment) / counts.total();
  };

  const isOwn = (segment: string): boolean => own.get(nameOf(segment))?.has(segment) === true;
  const sharesOfName = (name: string): readonly number[] => {
    const counts = names.get(name);
    if (counts === undefined || counts.total() === 0) return [];
    const total = counts.total();
    const shares = [...counts.entries()]
      .filter(([segment, count]) =>
        isOwn(segment) ? count.recent >= FLOOR_SHARE * total : isComing(name, segment, count, total),
      )
      .map(([, { recent }]) => recent / total);
    return [...shares, rareShare(name)];
  };

  const makeRoom = (segments: Set<string>, most: number): boolean => {
    if (segments.size < most) return true;
    const gone = [...segments].find((segment) => shareOf(segment) < GONE_SHARE);
    return gone !== undefined && segments.delete(gone);
  };
  const admit = (name: string, counts: ValueCounts): void => {
    const segments = own.get(name) ?? new Set<string>();
    own.set(name, segments);
    const grown = [...counts.entries()]
      .filter(([segment, { ever, recent }]) => {
        const isAbove = ever >= FLOOR_CALLS && recent >= FLOOR_SHARE * counts.total();
        return isAbove && !segments.has(segment) && segment !== otherOf(segment);
      })
      .sort(([a, x], [b, y]) => y.recent - x.recent || (a < b ? -1 : 1));
    for (const [segment] of grown) {
      if (!makeRoom(segments, mostOf(name))) return;
      segments.add(segment);
    }
  };

  const take = (tick: Tick): Tick => {
    const now = Math.floor(tick.from / HOUR_MS);
    for (const counts of names.values()) counts.fade(hour === null ? 0 : now - hour);
    hour = now;
    const byName = Map.groupBy(callsIn(tick), ([segment]) => nameOf(segment));
    for (const [name, calls] of byName) {
      const counts = names.get(name) ?? createValueCounts();
      names.set(name, counts);
      counts.add(calls);
      admit(name, counts);
    }
    return merged(tick, (segment) => (isOwn(segment) ? segment : (otherOf(segment) ?? segment)));
  };

  return {
    shareOf,
    learn: take,
    take: (tick) => {
      if (isLearning) for (const counts of names.values()) counts.weigh(LEARNED_WEIGHT);
      isLearning = false;
      return take(tick);
    },
    isJudged: (segment) => {
      if (segment === OVERALL) return true;
      if (segment === otherOf(segment)) return (countsOf(segment)?.ever() ?? 0) >= OTHER_CALLS;
      return isOwn(segment);
    },
    isWaitedFor: (segment) => {
      if (segment === OVERALL) return true;
      if (segment === otherOf(segment)) return shareOf(segment) >= FLOOR_SHARE;
      return isOwn(segment) && shareOf(segment) >= GONE_SHARE;
    },
    sharesIn: (name) => [...names.keys()].filter((each) => name === null || each === name).flatMap(sharesOfName),
  };
};
