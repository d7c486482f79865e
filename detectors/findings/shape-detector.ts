import type { Finding } from "../../core/finding.ts";
import type { Migration, Rule } from "../../core/migration.ts";
import { OVERALL, type Tick } from "../../core/sample.ts";
import { createLikeness } from "../likeness.ts";
import type { Beginning, RuleDetector } from "../rule-detector.ts";
import type { SegmentValues } from "../segment-values.ts";
import { EMPTY_SEGMENT, type SegmentView } from "../tick-view.ts";
import { createSetupWatch } from "./attribution.ts";
import { type Found, findingsOf } from "./findings-of.ts";
import { createSegmentWatch, type SegmentWatch } from "./segment-watch.ts";
import { createShapeClear } from "./shape-clear.ts";
import { asFinding, NO_LOOK, type ShapeLook, type Standing } from "./shape-look.ts";
import { type ShapeGrounds, shapeVerdict } from "./shape-verdict.ts";
import { toldFindings } from "./told-findings.ts";
import { createTrafficMix } from "./traffic-mix.ts";

const HOUR_MS = 3_600_000;
/** Findings are looked for at the end of every such slice of time: looking costs more than counting. */
const LOOK_MS = 60_000;

/** Works something out once. */
const once = <T>(work: () => T): (() => T) => {
  let known: { readonly value: T } | null = null;
  return () => {
    known ??= { value: work() };
    return known.value;
  };
};

const keyOf = ({ segment, family }: Pick<Finding, "segment" | "family">): string => JSON.stringify([segment, family]);

/**
 * The rule `output_shape`: findings by family and segment, and what they can be blamed on. A breach while a finding
 * stands; clear when the leading features of all calls are proven to be like the baseline's. `threshold`: log e-value
 * of a breach, over all families and segments together.
 */
export const createShapeDetector = (
  rule: Rule,
  threshold: number,
  migration: Pick<Migration, "baseline" | "candidate">,
  values: Pick<SegmentValues, "isJudged">,
): RuleDetector => {
  const watches = new Map<string, SegmentWatch>();
  const [mix, setup, clear] = [createTrafficMix(), createSetupWatch(migration), createShapeClear()];
  const firstStood = new Map<string, number>();
  const likeness = createLikeness({ keeps: true, endsUnknown: false });
  let [origin, look, lookedAt]: [number | null, ShapeLook, number] = [null, NO_LOOK, -1];
  let counted: ShapeGrounds["counted"] = null;
  let findings = once((): readonly Finding[] => []);

  const count = (tick: Tick, views: ReadonlyMap<string, SegmentView>, { isNewStage, changed }: Beginning): void => {
    origin ??= tick.from;
    const hour = Math.floor((tick.from - origin) / HOUR_MS);
    const clock = { hour, isNewStage: isNewStage || changed.length > 0, designEffectOf: likeness.effectOf };
    counted = { since: (clock.isNewStage ? null : counted?.since) ?? tick.from, until: tick.to };
    for (const segment of watches.keys()) if (!values.isJudged(segment)) watches.delete(segment);
    for (const segment of views.keys()) {
      if (values.isJudged(segment) && !watches.has(segment)) watches.set(segment, createSegmentWatch(segment));
    }
    for (const [segment, watch] of watches) watch.step(views.get(segment) ?? EMPTY_SEGMENT, clock);
    mix.step(tick.calls, hour, clock.isNewStage);
    setup.step((views.get(OVERALL) ?? EMPTY_SEGMENT).pair("call_setup"), hour, changed);
    clear.step(views.get(OVERALL) ?? EMPTY_SEGMENT, {
      ...clock,
      logWeight: Number.NEGATIVE_INFINITY,
      isNewBaseline: changed.includes("baseline"),
      isServed: tick.share > 0,
      from: tick.from,
    });
  };

  const stands = (found: Found, at: number): Standing => {
    const first = firstStood.get(keyOf(found)) ?? at;
    firstStood.set(keyOf(found), first);
    return { ...found, since: first };
  };

  const lookAt = ({ to }: Tick): ShapeLook => {
    const clustering = likeness.largest();
    // Where the arms get different calls, all calls together differ without anything having changed.
    const isMixed = mix.differing(clustering).length > 0;
    const scopes = [...watches]
      .filter(([segment]) => !isMixed || segment !== OVERALL)
      .map(([segment, watch]) => ({ segment, candidates: watch.candidates() }));
    const standing = findingsOf(scopes, threshold).map((found) => stands(found, to));
    return { scopes, standing, notes: mix.notes(clustering) };
  };

  return {
    step: (tick, views, beginning) => {
      likeness.step(tick);
      count(tick, views, beginning);
      const slice = Math.floor(tick.to / LOOK_MS);
      if (slice === lookedAt) return;
      lookedAt = slice;
      look = lookAt(tick);
      const { standing } = look;
      findings = once(() => toldFindings(standing).map(asFinding));
    },
    verdict: (detail) =>
      shapeVerdict(
        rule,
        threshold,
        { look, clear: clear.reading(), attribution: setup.attribution(), designEffectOf: likeness.effectOf, counted },
        detail,
      ),
    report: () => ({
      findings: findings(),
      notes: look.notes,
      attribution: setup.attribution(),
    }),
  };
};
