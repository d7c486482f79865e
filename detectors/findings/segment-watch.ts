import { unreachable } from "../../core/exhaustive.ts";
import { SHAPE_FEATURES, type ShapeFeature } from "../../core/shape-features.ts";
import { SIGNALS } from "../../core/signals.ts";
import type { ArmSample, SegmentView } from "../tick-view.ts";
import type { Candidate } from "./candidate.ts";
import { effectInSegment } from "./effect-in-segment.ts";
import type { FeatureCounts } from "./feature-counts.ts";
import { createFeatureWatch, type FeatureWatch } from "./feature-watch.ts";
import { createKeyPathWatch } from "./key-path-watch.ts";
import { createWindowWeights } from "./window-weights.ts";

/** What a watch needs to know about the moment. */
export interface WatchClock {
  /** Whole hours since the watch began. */
  readonly hour: number;
  /** True in the first tick of a stage, or of an arm's new history. */
  readonly isNewStage: boolean;
  /** Of as many answers of both arms. */
  readonly designEffectOf: (feature: string, answers: number) => number;
}

/** The output of both arms in one segment. */
export interface SegmentWatch {
  readonly step: (view: SegmentView, clock: WatchClock) => void;
  /** Features that are far enough apart to matter, with their evidence. */
  readonly candidates: () => readonly Candidate[];
}

const ARMS = ["canary", "baseline"] as const;

const addOwn = (
  { feature, add, slotOf, slotOfBucket }: FeatureCounts,
  arm: "canary" | "baseline",
  sample: ArmSample,
): void => {
  const { kind } = SIGNALS[feature.signal];
  switch (kind) {
    case "rate":
      add(arm, 1, sample.sum);
      add(arm, 0, sample.n - sample.sum);
      return;
    case "value": {
      if (sample.histogram !== undefined)
        for (const [bucket, count] of sample.histogram()) add(arm, slotOfBucket(bucket), count);
      return;
    }
    case "score":
      for (const bin in sample.bins) add(arm, slotOf(String(Number(bin) / 100)), sample.bins[bin] ?? 0);
      return;
    case "category":
    case "labels":
      for (const bin in sample.bins) add(arm, slotOf(bin), sample.bins[bin] ?? 0);
      return;
    default:
      unreachable(kind);
  }
};

interface Place {
  readonly counts: FeatureCounts;
  readonly slot: number;
}

/** Texts of bins that are remembered; tools and languages could go on for ever. */
const MAX_PLACES = 5000;

/** Finds the feature and bin of a `name=value` of `output_features`. */
const createPlaces = (watches: readonly FeatureWatch[]): ((text: string) => Place | null) => {
  const byName = new Map(watches.map(({ counts }) => [counts.feature.name as string, counts]));
  const places = new Map<string, Place | null>();
  return (text) => {
    const known = places.get(text);
    if (known !== undefined) return known;
    const at = text.indexOf("=");
    const counts = byName.get(text.slice(0, at));
    const place = counts === undefined ? null : { counts, slot: counts.slotOf(text.slice(at + 1)) };
    if (places.size < MAX_PLACES) places.set(text, place);
    return place;
  };
};

const isPacked = ({ signal }: ShapeFeature): boolean => signal === "output_features";

/** A watch of one segment (`name=value`, or OVERALL) that has seen nothing. */
export const createSegmentWatch = (segment: string): SegmentWatch => {
  const watches = SHAPE_FEATURES.map(createFeatureWatch);
  const own = watches.filter(({ counts }) => !isPacked(counts.feature)).map(({ counts }) => counts);
  const placeOf = createPlaces(watches.filter(({ counts }) => isPacked(counts.feature)));
  const keyPaths = createKeyPathWatch();
  const weights = createWindowWeights();
  let designEffectOf: WatchClock["designEffectOf"] = () => 1;

  const effectIn =
    (feature: ShapeFeature) =>
    (answers: number): number =>
      effectInSegment(segment, feature, answers, designEffectOf);

  const addPacked = (arm: "canary" | "baseline", { bins }: ArmSample): void => {
    for (const bin in bins) {
      const place = placeOf(bin);
      place?.counts.add(arm, place.slot, bins[bin] ?? 0);
    }
  };

  return {
    step: (view, clock) => {
      designEffectOf = clock.designEffectOf;
      for (const window of weights.begin(clock.hour, clock.isNewStage)) {
        for (const watch of watches) watch.clear(window);
        keyPaths.clear(window);
      }
      for (const counts of own) {
        const pair = view.pair(counts.feature.signal);
        for (const arm of ARMS) if (pair[arm].n > 0) addOwn(counts, arm, pair[arm]);
      }
      const packed = view.pair("output_features");
      for (const arm of ARMS) addPacked(arm, packed[arm]);
      keyPaths.add(view.pair("key_paths"));
    },
    candidates: () => {
      const open = weights.open();
      return [
        ...watches.flatMap((watch) => watch.candidate(open, effectIn(watch.counts.feature)) ?? []),
        ...keyPaths.candidates(open, (answers) => designEffectOf("json_shape", answers)),
      ];
    },
  };
};
