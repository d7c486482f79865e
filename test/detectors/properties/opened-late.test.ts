import { describe, expect, it } from "vitest";
import type { Arm } from "../../../core/cohort.ts";
import type { Sample } from "../../../core/sample.ts";
import { breachThreshold } from "../../../detectors/plan.ts";
import { createRuleDetector, type RuleDetector } from "../../../detectors/rule-detector.ts";
import type { SegmentValues } from "../../../detectors/segment-values.ts";
import { viewTick } from "../../../detectors/tick-view.ts";
import { tick } from "../tick-builder.ts";
import { callsAt, JUDGES, type Judge } from "./judge-world.ts";

const THRESHOLD = breachThreshold("rollback", 1);
/** Canary and baseline calls of a tick. */
const [CANARY, BASELINE] = [5, 95];
/** A tenfold breach is found within this many canary calls. */
const CALLS = 30;

/** Every segment is judged, and has all the calls of its name. */
const ALL: SegmentValues = {
  learn: (each) => each,
  take: (each) => each,
  shareOf: () => 1,
  isWaitedFor: () => true,
  isJudged: () => true,
  sharesIn: () => [1],
};

/** A judge under way, whose ticks are counted. */
const judgeWorld = (judge: Judge) => {
  const detector: RuleDetector = createRuleDetector(judge.rule, {
    threshold: THRESHOLD,
    hasSegments: false,
    values: ALL,
  });
  let minute = 0;
  const step = (samples: readonly Sample[], changed: readonly Arm[] = []): void => {
    // Known from the first tick on: until somebody has told how alike calls are, they count as half.
    const now = tick(minute, samples, { designEffects: { [judge.rule.signal]: 1 } });
    detector.step(now, viewTick(now), { isNewStage: minute === 0, changed });
    minute++;
  };
  const healthy = (arm: Arm, n: number, segment = ""): Sample => callsAt(judge.rule, arm, n, judge.healthy, segment);
  return {
    step,
    healthy,
    learnHour: (ticks: number): void => {
      for (let i = 0; i < ticks; i++) {
        const past = tick(i - ticks, [healthy("baseline", Math.round(6000 / ticks))]);
        detector.learn?.(past, viewTick(past));
      }
    },
    baselineOnly: (ticks: number): void => {
      for (let i = 0; i < ticks; i++) step([healthy("baseline", BASELINE)]);
    },
    /** Canary calls until the breach, at most a hundred ticks; the canary is broken from the first one on. */
    callsToBreach: (segment = "", changed: readonly Arm[] = []): number => {
      for (let ticks = 1; ticks <= 100; ticks++) {
        const broken = callsAt(judge.rule, "canary", CANARY, judge.broken, segment);
        step([broken, healthy("baseline", BASELINE, segment)], ticks === 1 ? changed : []);
        const { outcome, evidence } = detector.verdict("outcome");
        expect(evidence.logE).toBeGreaterThan(-1000);
        if (outcome === "breach") return ticks * CANARY;
      }
      return Number.POSITIVE_INFINITY;
    },
  };
};

const OPENINGS = [0, 1, 2, 7, 59];

describe.each(JUDGES.map((judge) => [judge.rule.id, judge.rule.reference, judge] as const))(
  "%s, reference %s: a tenfold breach is found within 30 canary calls",
  (_id, _reference, judge) => {
    it.each(OPENINGS)("of a canary that comes in tick %i", (opened) => {
      const world = judgeWorld(judge);
      world.baselineOnly(opened);
      expect(world.callsToBreach()).toBeLessThanOrEqual(CALLS);
    });

    it.each([1, 2, 6, 60])("after an hour that was learned in %i ticks", (ticks) => {
      const world = judgeWorld(judge);
      world.learnHour(ticks);
      expect(world.callsToBreach()).toBeLessThanOrEqual(CALLS);
    });

    it.each([1, 7, 30])("of a canary that comes %i ticks after the baseline changed", (before) => {
      const world = judgeWorld(judge);
      world.learnHour(6);
      world.baselineOnly(3);
      world.step([world.healthy("baseline", BASELINE)], ["baseline"]);
      world.baselineOnly(before);
      expect(world.callsToBreach()).toBeLessThanOrEqual(CALLS);
    });

    it("in a segment that is first seen late", () => {
      if (judge.rule.reference === "projection" || judge.rule.unit === "absolute") return;
      const world = judgeWorld({ ...judge, rule: { ...judge.rule, by: "language" } });
      world.learnHour(6);
      world.baselineOnly(20);
      expect(world.callsToBreach("language=de")).toBeLessThanOrEqual(CALLS);
    });
  },
);
