import type { Arm } from "../../core/cohort.ts";
import type { ShapeFeature } from "../../core/shape-features.ts";
import { type BinValue, binValue, bucketBin } from "./bin-value.ts";

/** Spans of time that answers are compared over: since the stage began, since the day did, since the hour did. */
export const WINDOWS = ["stage", "day", "hour"] as const;

/** Name of one of them. */
export type WindowName = (typeof WINDOWS)[number];

/** Bins of one feature that are told apart; of labels beyond them the last one counts all the others. */
const MAX_SLOTS = { flag: 2, label: 32, number: 512 } as const;

const FIRST_ROOM = 4;

/** Answers of both arms per bin of one feature in one window. Bins are in the order in which they first came. */
export interface WindowCounts {
  readonly canary: Float64Array;
  readonly baseline: Float64Array;
}

/** Answers of both arms per bin of one feature in one segment, over every window. */
export interface FeatureCounts {
  readonly feature: ShapeFeature;
  /** What each bin holds. */
  readonly bins: readonly BinValue[];
  /** The bins of a number, ascending. */
  readonly order: readonly number[];
  /** Number of the bin written `text` in a sample. */
  readonly slotOf: (text: string) => number;
  /** Number of the bin that a 1% bucket belongs to. */
  readonly slotOfBucket: (bucket: number) => number;
  readonly add: (arm: Arm, slot: number, count: number) => void;
  readonly window: (name: WindowName) => WindowCounts;
  /** Empties a window. */
  readonly clear: (name: WindowName) => void;
}

const OTHER: BinValue = { text: "other", number: 0 };

/** Counts of `feature` in one segment, empty. A bin gets its place when either arm shows it first. */
export const createFeatureCounts = (feature: ShapeFeature): FeatureCounts => {
  const bins: BinValue[] = feature.kind === "flag" ? [binValue("0"), binValue("1")] : [];
  const order: number[] = bins.map((_, slot) => slot);
  const slots = new Map(bins.map(({ text }, slot) => [text, slot]));
  const buckets = new Map<number, number>();
  const windows = WINDOWS.map(() => ({
    canary: new Float64Array(FIRST_ROOM),
    baseline: new Float64Array(FIRST_ROOM),
  }));
  const most = MAX_SLOTS[feature.kind];

  const makeRoom = (): void => {
    const [first] = windows;
    if (first === undefined || bins.length <= first.canary.length) return;
    for (const window of windows) {
      for (const arm of ["canary", "baseline"] as const) {
        const room = new Float64Array(2 * window[arm].length);
        room.set(window[arm]);
        window[arm] = room;
      }
    }
  };
  const open = (text: string): number => {
    if (bins.length >= most) return most - 1;
    const bin = bins.length === most - 1 && feature.kind === "label" ? OTHER : binValue(text);
    const above = order.findIndex((slot) => (bins[slot]?.number ?? 0) > bin.number);
    order.splice(above === -1 ? order.length : above, 0, bins.length);
    bins.push(bin);
    makeRoom();
    return bins.length - 1;
  };

  const slotOf = (text: string): number => {
    const known = slots.get(text);
    if (known !== undefined) return known;
    const slot = open(text);
    // Labels come from production: what has no bin of its own is not remembered either.
    if (bins.length < most) slots.set(text, slot);
    return slot;
  };

  return {
    feature,
    bins,
    order,
    slotOf,
    slotOfBucket: (bucket) => {
      const known = buckets.get(bucket);
      if (known !== undefined) return known;
      const slot = slotOf(bucketBin(bucket));
      buckets.set(bucket, slot);
      return slot;
    },
    add: (arm, slot, count) => {
      for (const window of windows) window[arm][slot] = (window[arm][slot] ?? 0) + count;
    },
    window: (name) => windows[WINDOWS.indexOf(name)] ?? { canary: new Float64Array(0), baseline: new Float64Array(0) },
    clear: (name) => {
      const window = windows[WINDOWS.indexOf(name)];
      window?.canary.fill(0);
      window?.baseline.fill(0);
    },
  };
};
