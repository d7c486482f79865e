import type { Arm } from "../core/cohort.ts";
import type { Migration, Severity } from "../core/migration.ts";
import type { Tick } from "../core/sample.ts";
import type { Judgement } from "../core/verdict.ts";
import { createShapeDetector } from "./findings/shape-detector.ts";
import { breachThreshold } from "./plan.ts";
import { createRuleDetector } from "./rule-detector.ts";
import { createSegmentValues } from "./segment-values.ts";
import { viewTick } from "./tick-view.ts";
import { callsIn, eachArm } from "./trust/arms.ts";
import { createTrust, type Trust } from "./trust/create-trust.ts";
import { doubtedVerdict } from "./trust/doubted-verdict.ts";
import { guardDetector } from "./trust/guarded-detector.ts";
import { withoutBaseline } from "./trust/without-baseline.ts";
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

const notesOf = (trust: Trust): Pick<Judgement, "notes"> => {
  const notes = trust.notes();
  return notes.length === 0 ? {} : { notes };
};

/** An engine for `migration` that has seen nothing. State is rebuilt by stepping through the stored ticks. */
export const createEngine = (migration: Migration): Engine => {
  const countOf = (severity: Severity): number => migration.rules.filter((rule) => rule.severity === severity).length;
  const thresholds: Readonly<Record<Severity, number>> = {
    rollback: breachThreshold("rollback", countOf("rollback")),
    pause: breachThreshold("pause", countOf("pause")),
  };
  const values = createSegmentValues(migration.segmentOptions);
  const hasSegments = migration.segments.length > 0;
  const detectors = migration.rules.map((rule) => {
    const threshold = thresholds[rule.severity];
    const detector = guardDetector(rule, threshold, () =>
      rule.signal === "output_shape"
        ? createShapeDetector(rule, threshold, migration, values)
        : createRuleDetector(rule, { threshold, hasSegments, values }),
    );
    return { rule, ...detector };
  });
  const trust = createTrust(migration);
  let [stage, last]: [number | null, number | null] = [null, null];
  let calls: Readonly<Record<Arm, number>> = { canary: 0, baseline: 0 };

  const learn = (tick: Tick): void => {
    if (last !== null) throw new RangeError(`tick ${tick.from} is to be learned from after judging began`);
    trust.learn(tick);
    const scoped = values.learn(tick);
    const views = viewTick({ ...scoped, samples: scoped.samples.filter(({ cohort }) => cohort === "baseline") });
    for (const detector of detectors) detector.learn?.(scoped, views);
  };

  const replay = (raw: Tick): void => {
    if (last !== null && raw.from < last)
      throw new RangeError(`tick ${raw.from} begins before ${last}, already judged`);
    const tick = values.take(raw);
    const views = viewTick(tick);
    const isNewStage = tick.stage !== stage;
    // What earlier ticks have shown: bets must not depend on the calls they are about.
    const isLaterStage = stage !== null && tick.stage > stage;
    const beginning = { isNewStage, isLaterStage, changed: trust.changed() };
    for (const detector of detectors) detector.step(tick, views, beginning);
    trust.step(tick, isNewStage);
    calls = eachArm((arm) => (isNewStage ? 0 : calls[arm]) + callsIn(tick, arm));
    stage = tick.stage;
    last = tick.to;
  };

  return {
    learn,
    replay,
    step: (tick, detail = "full") => {
      replay(tick);
      const doubts = trust.doubts();
      const verdicts = detectors.map(({ rule, verdict }) => {
        const own = verdict(detail);
        return doubtedVerdict(trust.hasNoBaseline() ? withoutBaseline(rule, own) : own, doubts);
      });
      const shape = detectors.map((detector) => detector.report?.() ?? null).find((report) => report !== null);
      const judged = {
        ...{ migration: migration.name, at: tick.to, stage: tick.stage, verdicts, calls, doubts },
        ...notesOf(trust),
      };
      return shape === undefined ? judged : { ...judged, shape };
    },
    lastTick: () => last,
  };
};
