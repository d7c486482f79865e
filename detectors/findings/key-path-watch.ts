import { LIMIT_ALPHA } from "../plan.ts";
import { lae } from "../stats/log-space.ts";
import { rateInterval } from "../stats/one-sample.ts";
import type { ArmPair } from "../tick-view.ts";
import type { Candidate } from "./candidate.ts";
import type { WindowName } from "./feature-counts.ts";
import { binEvidence } from "./feature-evidence.ts";
import { createKeyPathCounts, MAX_KEY_PATHS } from "./key-path-counts.ts";
import { MIN_ANSWERS, shareEffect } from "./window-effect.ts";
import type { WindowWeights } from "./window-weights.ts";

/** The key paths of JSON answers in one segment: which of them appeared or vanished. */
export interface KeyPathWatch {
  readonly add: (pair: ArmPair) => void;
  readonly clear: (window: WindowName) => void;
  /** Paths that moved far enough to matter. Each has its part of the wealth of one feature. */
  readonly candidates: (
    open: ReturnType<WindowWeights["open"]>,
    designEffectOf: (answers: number) => number,
  ) => readonly Candidate[];
}

/** A watch of key paths that has seen none. */
export const createKeyPathWatch = (): KeyPathWatch => {
  const counts = createKeyPathCounts();

  const look = (
    window: WindowName,
    logWeight: number,
    designEffectOf: (answers: number) => number,
  ): readonly Candidate[] => {
    const { n, present } = counts.window(window);
    const designEffect = designEffectOf(n.canary + n.baseline);
    if (Math.min(n.canary, n.baseline) < MIN_ANSWERS) return [];
    return [...present].flatMap(([label, events]) => {
      const effect = shareEffect(events, n);
      if (effect === null) return [];
      const [canary, answers] = [events.canary / designEffect, n.canary / designEffect];
      const bins = (arm: "canary" | "baseline"): readonly number[] => [n[arm] - events[arm], events[arm]];
      const logE = binEvidence(bins("canary"), bins("baseline"), designEffect);
      return {
        ...({ family: "structure", feature: "key_paths", unit: "share", label, effect, designEffect } as const),
        logE: logWeight - Math.log(MAX_KEY_PATHS) + logE,
        interval: () => rateInterval(canary, answers, LIMIT_ALPHA),
      };
    });
  };

  /** One candidate per path: its windows together, told by the strongest. */
  const perPath = (all: readonly Candidate[]): readonly Candidate[] =>
    [...Map.groupBy(all, ({ label }) => label).values()].flatMap((same) => {
      const strongest = same.toSorted((a, b) => b.logE - a.logE)[0];
      return strongest === undefined
        ? []
        : { ...strongest, logE: same.reduce((sum, { logE }) => lae(sum, logE), Number.NEGATIVE_INFINITY) };
    });

  return {
    add: counts.add,
    clear: counts.clear,
    candidates: (open, designEffectOf) =>
      perPath(open.flatMap(([window, weight]) => look(window, weight, designEffectOf))),
  };
};
