import type { Finding } from "../../core/finding.ts";
import type { Migration, Rule } from "../../core/migration.ts";
import { OVERALL, type Tick } from "../../core/sample.ts";
import type { Beginning, RuleDetector } from "../rule-detector.ts";
import { EMPTY_SEGMENT, type SegmentView } from "../tick-view.ts";
import { createSetupWatch } from "./attribution.ts";
import { type Found, findingsOf } from "./findings-of.ts";
import { createSegmentWatch, type SegmentWatch } from "./segment-watch.ts";
import { createShapeClear } from "./shape-clear.ts";
import { asFinding, NO_LOOK, type ShapeLook, type Standing } from "./shape-look.ts";
import { shapeVerdict } from "./shape-verdict.ts";
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
 * Answers of one conversation are alike. Until anything is known of how much (1000 calls of the baseline), each counts as
 * if they were as much as they usually are: taken for independent, the first minutes of equal arms gave findings.
 */
const ORDINARY_EFFECT = 2;

/**
 * The rule `output_shape`: findings by family and segment, and what they can be blamed on. A breach while a finding
 * stands; clear when the leading features of all calls are proven to be like the baseline's. `threshold`: log e-value
 * of a breach, over all families and segments together.
 */
export const createShapeDetector = (
  rule: Rule,
  threshold: number,
  migration: Pick<Migration, "baseline" | "candidate">,
): RuleDetector => {
  const watches = new Map<string, SegmentWatch>();
  const [mix, setup, clear] = [createTrafficMix(), createSetupWatch(migration), createShapeClear()];
  const firstStood = new Map<string, number>();
  let designEffects: Readonly<Record<string, number>> = {};
  let [origin, look, lookedAt]: [number | null, ShapeLook, number] = [null, NO_LOOK, -1];
  let findings = once((): readonly Finding[] => []);

  const designEffectOf = (feature: string): number =>
    designEffects[feature] ?? (Object.keys(designEffects).length === 0 ? ORDINARY_EFFECT : 1);

  const count = (tick: Tick, views: ReadonlyMap<string, SegmentView>, { isNewStage, changed }: Beginning): void => {
    origin ??= tick.from;
    const hour = Math.floor((tick.from - origin) / HOUR_MS);
    const clock = { hour, isNewStage: isNewStage || changed.length > 0, designEffectOf };
    for (const segment of views.keys()) if (!watches.has(segment)) watches.set(segment, createSegmentWatch(segment));
    for (const [segment, watch] of watches) watch.step(views.get(segment) ?? EMPTY_SEGMENT, clock);
    mix.step(tick.calls, hour, clock.isNewStage);
    setup.step((views.get(OVERALL) ?? EMPTY_SEGMENT).pair("call_setup"), hour, changed);
    clear.step(views.get(OVERALL) ?? EMPTY_SEGMENT, {
      ...clock,
      logWeight: Number.NEGATIVE_INFINITY,
      isNewBaseline: changed.includes("baseline"),
      configuredShare: tick.share,
    });
  };

  const stands = (found: Found, at: number): Standing => {
    const first = firstStood.get(keyOf(found)) ?? at;
    firstStood.set(keyOf(found), first);
    return { ...found, since: first };
  };

  const lookAt = ({ to }: Tick): ShapeLook => {
    const clustering = Math.max(1, ...Object.values(designEffects));
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
      designEffects = { ...designEffects, ...tick.designEffects };
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
        { look, clear: clear.reading(), attribution: setup.attribution(), designEffectOf },
        detail,
      ),
    report: () => ({
      findings: findings(),
      notes: look.notes,
      attribution: setup.attribution(),
    }),
  };
};
