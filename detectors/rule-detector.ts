import type { Arm } from "../core/cohort.ts";
import type { ShapeReport } from "../core/finding.ts";
import type { Rule } from "../core/migration.ts";
import { OVERALL, type Tick } from "../core/sample.ts";
import { signalOf } from "../core/signals.ts";
import type { Verdict } from "../core/verdict.ts";
import { segmentDetectorFactory } from "./create-segment-detector.ts";
import type { SegmentDetector } from "./rules/segment-detector.ts";
import { createStarts, type Starts } from "./stats/multi-start.ts";
import { EMPTY_SEGMENT, type SegmentView } from "./tick-view.ts";
import { type Detail, verdictOf } from "./verdict-of.ts";

/** A fixed number for a mean, with no baseline beside it: a projection, or an absolute limit on an amount or score. */
const hasFixedMean = ({ reference, unit, quantile, signal }: Rule): boolean =>
  reference === "projection" ||
  (unit === "absolute" && quantile === null && signal !== "output_shape" && signalOf(signal).kind !== "rate");

const HOUR_MS = 3_600_000;

/** What begins with a tick. */
export interface Beginning {
  /** It is the first one of a stage. */
  readonly isNewStage: boolean;
  /** Arms whose history begins anew: something else answers than before. */
  readonly changed: readonly Arm[];
}

/** One rule over all its segments. */
export interface RuleDetector {
  /** Takes in baseline calls from before the first step; a judge without it has no use for them. */
  readonly learn?: (tick: Tick, views: ReadonlyMap<string, SegmentView>) => void;
  readonly step: (tick: Tick, views: ReadonlyMap<string, SegmentView>, beginning: Beginning) => void;
  /** `outcome` leaves the interval out, which costs more than everything else together. */
  readonly verdict: (detail: Detail) => Verdict;
  /** What the rule has to say beside its verdict; only `output_shape` has something. */
  readonly report?: () => ShapeReport | null;
}

interface RunningDetector {
  readonly segment: string;
  readonly detector: SegmentDetector;
  /** When its first step began, epoch ms, and its starts from there; null before. */
  begun: { readonly origin: number; readonly starts: Starts } | null;
}

/** Judges `rule`; breach at a log e-value of `threshold`. Segments join when their first call is seen. */
export const createRuleDetector = (rule: Rule, threshold: number): RuleDetector => {
  const create = segmentDetectorFactory(rule);
  const running = new Map<string, RunningDetector>();
  let designEffects: NonNullable<Tick["designEffects"]> = {};
  // One number for the mean of all calls says nothing about a segment, which may cost twice as much in both arms.
  const isAboutAll = hasFixedMean(rule);
  const covers = (segment: string): boolean =>
    rule.by === null ? segment === OVERALL || !isAboutAll : segment.startsWith(`${rule.by}=`);

  const openAll = (views: ReadonlyMap<string, SegmentView>): void => {
    for (const segment of [...views.keys()].sort()) {
      if (covers(segment) && !running.has(segment))
        running.set(segment, { segment, detector: create(segment), begun: null });
    }
  };
  const stepOne = (each: RunningDetector, tick: Tick, view: SegmentView, beginning: Beginning): void => {
    const { isNewStage, changed } = beginning;
    each.begun ??= { origin: tick.from, starts: createStarts(tick.from) };
    each.detector.step(view, {
      logWeight: each.begun.starts.weight(tick.from, changed.length > 0),
      isNewStage: isNewStage || changed.length > 0,
      isNewBaseline: changed.includes("baseline"),
      hour: Math.floor((tick.from - each.begun.origin) / HOUR_MS),
      configuredShare: tick.share,
      designEffectOf: (signal) => designEffects[signal] ?? 1,
    });
  };

  return {
    // Without a canary there is nothing to bet on, and no weight to bet: what is left is the baseline's own record.
    learn: (tick, views) => {
      openAll(views);
      for (const { segment, detector } of running.values()) {
        detector.step(views.get(segment) ?? EMPTY_SEGMENT, {
          logWeight: Number.NEGATIVE_INFINITY,
          isNewStage: false,
          hour: 0,
          configuredShare: tick.share,
          designEffectOf: () => 1,
        });
      }
    },
    step: (tick, views, beginning) => {
      designEffects = tick.designEffects ?? designEffects;
      openAll(views);
      for (const each of running.values()) {
        stepOne(each, tick, views.get(each.segment) ?? EMPTY_SEGMENT, beginning);
      }
    },
    verdict: (detail) =>
      verdictOf(
        rule,
        threshold,
        [...running.values()].map(({ segment, detector }) => ({ ...detector.reading(), segment })),
        detail,
      ),
  };
};
