import type { Migration, Severity } from "../core/migration.ts";
import type { Tick } from "../core/sample.ts";
import type { Judgement } from "../core/verdict.ts";
import { createShapeDetector } from "./findings/shape-detector.ts";
import { breachThreshold } from "./plan.ts";
import { createRuleDetector } from "./rule-detector.ts";
import { viewTick } from "./tick-view.ts";
import { createTrust } from "./trust/create-trust.ts";
import { doubtedVerdict } from "./trust/doubted-verdict.ts";
import { guardDetector } from "./trust/guarded-detector.ts";
import type { Detail } from "./verdict-of.ts";

/** The judge of one migration. Deterministic: the same ticks in the same order give bit-identical judgements. */
export interface Engine {
  /**
   * Takes in what the baseline did before judging began, so that anchors and quantiles are known when the first canary
   * call comes; nothing is judged by it, and the canary's part is passed over. A bug after the first step.
   */
  readonly learn: (tick: Tick) => void;
  /** Takes one tick in. Ticks must be disjoint and in order; a tick that is not later than the last one is a bug. */
  readonly step: (tick: Tick, detail?: Detail) => Judgement;
  /** Takes a tick in without making a judgement of it: for rebuilding the state from stored ticks. */
  readonly replay: (tick: Tick) => void;
  /** End of the last tick taken in, epoch ms; null before the first. */
  readonly lastTick: () => number | null;
}

/** An engine for `migration` that has seen nothing. State is rebuilt by stepping through the stored ticks. */
export const createEngine = (migration: Migration): Engine => {
  const countOf = (severity: Severity): number => migration.rules.filter((rule) => rule.severity === severity).length;
  const thresholds: Readonly<Record<Severity, number>> = {
    rollback: breachThreshold("rollback", countOf("rollback")),
    pause: breachThreshold("pause", countOf("pause")),
  };
  const detectors = migration.rules.map((rule) => {
    const threshold = thresholds[rule.severity];
    return guardDetector(rule, threshold, () =>
      rule.signal === "output_shape"
        ? createShapeDetector(rule, threshold, migration)
        : createRuleDetector(rule, threshold),
    );
  });
  const trust = createTrust();
  let [stage, last]: [number | null, number | null] = [null, null];

  const learn = (tick: Tick): void => {
    if (last !== null) throw new RangeError(`tick ${tick.from} is to be learned from after judging began`);
    const views = viewTick({ ...tick, samples: tick.samples.filter(({ cohort }) => cohort === "baseline") });
    for (const detector of detectors) detector.learn?.(tick, views);
  };

  const replay = (tick: Tick): void => {
    if (last !== null && tick.from < last)
      throw new RangeError(`tick ${tick.from} begins before ${last}, already judged`);
    const views = viewTick(tick);
    const isNewStage = tick.stage !== stage;
    // What earlier ticks have shown: bets must not depend on the calls they are about.
    const beginning = { isNewStage, changed: trust.changed() };
    for (const detector of detectors) detector.step(tick, views, beginning);
    trust.step(tick, isNewStage);
    stage = tick.stage;
    last = tick.to;
  };

  return {
    learn,
    replay,
    step: (tick, detail = "full") => {
      replay(tick);
      const doubts = trust.doubts();
      const verdicts = detectors.map((detector) => doubtedVerdict(detector.verdict(detail), doubts));
      const shape = detectors.map((detector) => detector.report?.() ?? null).find((report) => report !== null);
      const judged = { migration: migration.name, at: tick.to, stage: tick.stage, verdicts, doubts };
      return shape === undefined ? judged : { ...judged, shape };
    },
    lastTick: () => last,
  };
};
