import type { Rule } from "../core/migration.ts";
import type { Tick } from "../core/sample.ts";
import type { Verdict } from "../core/verdict.ts";
import { segmentJudgeFactory } from "./create-segment-judge.ts";
import type { SegmentJudge } from "./judges/segment-judge.ts";
import { startWeight } from "./stats/multi-start.ts";
import { EMPTY_SEGMENT, type SegmentView } from "./tick-view.ts";
import { type Detail, verdictOf } from "./verdict-of.ts";

const HOUR_MS = 3_600_000;

/** One rule over all its segments. */
export interface RuleJudge {
  readonly step: (tick: Tick, views: ReadonlyMap<string, SegmentView>, isNewStage: boolean) => void;
  /** `outcome` leaves the interval out, which costs more than everything else together. */
  readonly verdict: (detail: Detail) => Verdict;
}

interface RunningJudge {
  readonly segment: string;
  readonly judge: SegmentJudge;
  readonly origin: number;
  previous: number | null;
}

/** Judges `rule`; breach at a log e-value of `threshold`. Segments join when their first call is seen. */
export const createRuleJudge = (rule: Rule, threshold: number): RuleJudge => {
  const create = segmentJudgeFactory(rule);
  const running = new Map<string, RunningJudge>();
  let designEffects: NonNullable<Tick["designEffects"]> = {};
  const covers = (segment: string): boolean => (rule.by === null ? true : segment.startsWith(`${rule.by}=`));

  const open = (segment: string, tick: Tick): void => {
    if (covers(segment) && !running.has(segment)) {
      running.set(segment, { segment, judge: create(segment), origin: tick.from, previous: null });
    }
  };
  const stepOne = (each: RunningJudge, tick: Tick, view: SegmentView, isNewStage: boolean): void => {
    each.judge.step(view, {
      logWeight: startWeight(each.origin, each.previous, tick.from),
      isNewStage,
      hour: Math.floor((tick.from - each.origin) / HOUR_MS),
      configuredShare: tick.share,
      designEffectOf: (signal) => designEffects[signal] ?? 1,
    });
    each.previous = tick.from;
  };

  return {
    step: (tick, views, isNewStage) => {
      designEffects = tick.designEffects ?? designEffects;
      for (const segment of [...views.keys()].sort()) open(segment, tick);
      for (const each of running.values()) {
        stepOne(each, tick, views.get(each.segment) ?? EMPTY_SEGMENT, isNewStage);
      }
    },
    verdict: (detail) =>
      verdictOf(
        rule,
        threshold,
        [...running.values()].map(({ segment, judge }) => ({ ...judge.reading(), segment })),
        detail,
      ),
  };
};
