import type { Arm } from "../core/cohort.ts";
import type { ShapeReport } from "../core/finding.ts";
import type { Rule } from "../core/migration.ts";
import { OVERALL, type Tick } from "../core/sample.ts";
import { signalOf } from "../core/signals.ts";
import type { Verdict } from "../core/verdict.ts";
import { segmentDetectorFactory } from "./create-segment-detector.ts";
import { createLikeness, ofRest } from "./likeness.ts";
import { createRestDetector, type RestDetector, withRest } from "./rest-detector.ts";
import { createBaselineWatch } from "./rules/baseline-watch.ts";
import { createPooledEvidence } from "./rules/pooled-evidence.ts";
import type { SegmentDetector, TickClock } from "./rules/segment-detector.ts";
import { createSegmentShares } from "./segment-shares.ts";
import type { SegmentValues } from "./segment-values.ts";
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
  /** It is the first one of a stage that comes after the one before; default false. */
  readonly isLaterStage?: boolean;
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
  /** The same calls without the heaviest users; null where calls have no users. */
  readonly rest: RestDetector | null;
  /** Part of the wealth of the rule's segments, 0-1; 1 for all calls. */
  readonly weight: number;
  /** When its first step began, epoch ms, and its starts from there; null before. */
  begun: { readonly origin: number; readonly starts: Starts } | null;
  /** Begin of the first tick and end of the last one of the stage at hand, or of an arm's new history, epoch ms. */
  counted: { readonly since: number; readonly until: number } | null;
}

/** What a rule is judged with beside its samples. */
export interface RuleSettings {
  /** Log e-value of a breach. */
  readonly threshold: number;
  /** The document names segments: half of the wealth waits for them. */
  readonly hasSegments: boolean;
  readonly values: SegmentValues;
}

/** Judges `rule`. Segments join when their first call is seen, and leave when their value is one of the rare ones again. */
export const createRuleDetector = (rule: Rule, { threshold, hasSegments, values }: RuleSettings): RuleDetector => {
  const create = segmentDetectorFactory(rule);
  const shares = createSegmentShares();
  // Nothing can be pooled of a rule that looks at all calls anyway.
  const pooled = rule.by === null || rule.signal === "output_shape" ? null : createPooledEvidence(rule.signal);
  let pooledStarts: Starts | null = null;
  const running = new Map<string, RunningDetector>();
  const watch = createBaselineWatch();
  let [isAlone, isServed] = [false, true];
  const likeness = createLikeness({ keeps: false, endsUnknown: true });
  const restLikeness = createLikeness({ keeps: false, endsUnknown: true });
  // One number for the mean of all calls says nothing about a segment, which may cost twice as much in both arms.
  const isAboutAll = hasFixedMean(rule);
  const covers = (segment: string): boolean =>
    rule.by === null ? segment === OVERALL || !isAboutAll : segment.startsWith(`${rule.by}=`);

  const { signal } = rule;
  const callsIn = (view: SegmentView): number => {
    if (signal === "output_shape") return 0;
    const { canary, baseline } = view.pair(signal);
    return canary.n + baseline.n;
  };
  const weightOf = (segment: string): number =>
    segment === OVERALL ? 1 : shares.open(values.shareOf(segment), values.sharesIn(rule.by));
  const openAll = (views: ReadonlyMap<string, SegmentView>): void => {
    for (const segment of running.keys()) if (!values.isJudged(segment)) running.delete(segment);
    for (const segment of [...views.keys()].sort()) {
      if (covers(segment) && !running.has(segment) && values.isJudged(segment))
        running.set(segment, {
          segment,
          detector: create(segment),
          rest:
            signal === "output_shape"
              ? null
              : createRestDetector(rule, signal, {
                  ...{ segment, create: () => create(segment), effectOf: restLikeness.effectOf },
                }),
          weight: weightOf(segment),
          begun: null,
          counted: null,
        });
    }
  };
  const isWithoutBaseline = (
    { from, share }: Tick,
    views: ReadonlyMap<string, SegmentView>,
    isNewStage: boolean,
  ): boolean =>
    rule.signal !== "output_shape" &&
    watch.step((views.get(OVERALL) ?? EMPTY_SEGMENT).pair(rule.signal), { from, isNewStage, configuredShare: share });
  const stepOne = (each: RunningDetector, tick: Tick, view: SegmentView, beginning: Beginning): void => {
    const { isNewStage, isLaterStage = false, changed } = beginning;
    each.begun ??= { origin: tick.from, starts: createStarts(tick.from) };
    const isNew = isNewStage || changed.length > 0;
    each.counted = { since: (isNew ? null : each.counted?.since) ?? tick.from, until: tick.to };
    const clock: TickClock = {
      logWeight: each.begun.starts.weight(tick.from, changed.length > 0),
      isNewStage: isNew,
      isLaterStage: isLaterStage && changed.length === 0,
      isNewBaseline: changed.includes("baseline"),
      from: tick.from,
      hour: Math.floor((tick.from - each.begun.origin) / HOUR_MS),
      isAlone,
      isServed,
      calls: callsIn(view),
      designEffectOf: likeness.effectOf,
      ...(pooled === null ? {} : { pool: pooled.add }),
    };
    each.detector.step(view, clock);
    if (signal !== "output_shape") each.rest?.step(view.pair(signal), tick, clock, changed.length > 0);
  };
  const stepPooled = (tick: Tick, views: ReadonlyMap<string, SegmentView>, { changed }: Beginning): void => {
    if (running.size === 0) return;
    pooledStarts ??= createStarts(tick.from);
    const segments = [...running.keys()].map((segment) => views.get(segment) ?? EMPTY_SEGMENT);
    pooled?.step({
      logWeight: pooledStarts.weight(tick.from, changed.length > 0),
      ...{ isNewStage: false, from: tick.from, hour: 0 },
      calls: segments.reduce((sum, view) => sum + callsIn(view), 0),
      designEffectOf: likeness.effectOf,
    });
  };

  return {
    // Without a canary there is nothing to bet on, and no weight to bet: what is left is the baseline's own record.
    learn: (tick, views) => {
      openAll(views);
      for (const { segment, detector, rest } of running.values()) {
        const view = views.get(segment) ?? EMPTY_SEGMENT;
        const clock = { ...{ logWeight: Number.NEGATIVE_INFINITY, isNewStage: false }, from: tick.from, hour: 0 };
        detector.step(view, { ...clock, designEffectOf: () => 1 });
        if (signal !== "output_shape") rest?.learn(view.pair(signal));
      }
      likeness.step(tick);
      restLikeness.step(ofRest(tick));
    },
    step: (tick, views, beginning) => {
      isServed = tick.share > 0;
      isAlone = isWithoutBaseline(tick, views, beginning.isNewStage);
      openAll(views);
      likeness.step(tick);
      restLikeness.step(ofRest(tick));
      for (const each of running.values()) {
        stepOne(each, tick, views.get(each.segment) ?? EMPTY_SEGMENT, beginning);
      }
      stepPooled(tick, views, beginning);
    },
    verdict: (detail) =>
      verdictOf(
        rule,
        { threshold, hasSegments: hasSegments && !isAboutAll, pooled: pooled?.logE() ?? null, isServed },
        [...running.values()].map(({ segment, detector, rest, weight, counted }) => ({
          ...withRest(detector.reading(), rest?.reading() ?? null),
          ...counted,
          ...{ segment, weight, isWaitedFor: values.isWaitedFor(segment) },
        })),
        detail,
      ),
  };
};
