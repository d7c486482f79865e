import type { ShapeFeature } from "../../core/shape-features.ts";
import { LIMIT_ALPHA } from "../plan.ts";
import { lae } from "../stats/log-space.ts";
import { rateInterval } from "../stats/one-sample.ts";
import type { Candidate } from "./candidate.ts";
import { createFeatureCounts, type FeatureCounts, type WindowName } from "./feature-counts.ts";
import { featureEvidence } from "./feature-evidence.ts";
import { type Cuts, placeCuts } from "./fixed-cuts.ts";
import { medianInterval } from "./median-interval.ts";
import { type WindowEffect, windowEffect } from "./window-effect.ts";
import type { WindowWeights } from "./window-weights.ts";

/** One feature in one segment. */
export interface FeatureWatch {
  readonly counts: FeatureCounts;
  readonly clear: (window: WindowName) => void;
  /** The feature with its evidence where its arms are far enough apart in some window; null where they are not. */
  readonly candidate: (
    open: ReturnType<WindowWeights["open"]>,
    designEffectOf: (answers: number) => number,
  ) => Candidate | null;
}

interface Seen {
  readonly window: WindowName;
  readonly effect: WindowEffect;
  readonly designEffect: number;
  readonly logE: number;
}

/** A watch of `feature` that has seen nothing. */
export const createFeatureWatch = (feature: ShapeFeature): FeatureWatch => {
  const counts = createFeatureCounts(feature);
  const cuts = new Map<WindowName, Cuts>();
  const isNumber = feature.kind === "number";

  const cutsOf = (window: WindowName): Cuts | null => {
    const known = cuts.get(window) ?? placeCuts(counts, counts.window(window));
    if (known !== null) cuts.set(window, known);
    return known;
  };

  const look = (window: WindowName, logWeight: number, effectOf: (answers: number) => number): Seen | null => {
    const inWindow = counts.window(window);
    const bins = isNumber ? cutsOf(window) : null;
    const effect = windowEffect(counts, inWindow);
    if (effect === null || (isNumber && bins === null)) return null;
    const designEffect = effectOf(effect.n.canary + effect.n.baseline);
    return { window, effect, designEffect, logE: logWeight + featureEvidence(counts, inWindow, bins, designEffect) };
  };

  /** Of the counts as they are now, whenever it is asked for. */
  const intervalOf = ({ window, effect, designEffect }: Seen): Candidate["interval"] => {
    const canary = counts.window(window).canary.slice();
    if (isNumber && effect.slot === null) return () => medianInterval(counts, canary, LIMIT_ALPHA, designEffect);
    const [events, n] = [(canary[effect.slot ?? 1] ?? 0) / designEffect, effect.n.canary / designEffect];
    return () => rateInterval(events, n, LIMIT_ALPHA);
  };

  return {
    counts,
    clear: (window) => {
      counts.clear(window);
      cuts.delete(window);
    },
    candidate: (open, designEffectOf) => {
      const seen = open.flatMap(([window, weight]) => look(window, weight, designEffectOf) ?? []);
      const [first, ...others] = seen;
      if (first === undefined) return null;
      const strongest = others.reduce((best, next) => (next.logE > best.logE ? next : best), first);
      const { effect, designEffect } = strongest;
      return {
        ...{ family: feature.family, feature: feature.name, effect, designEffect },
        unit: effect.slot === null ? feature.unit : "share",
        label: effect.slot === null ? null : (counts.bins[effect.slot]?.text ?? null),
        logE: seen.reduce((sum, { logE }) => lae(sum, logE), Number.NEGATIVE_INFINITY),
        interval: intervalOf(strongest),
      };
    },
  };
};
