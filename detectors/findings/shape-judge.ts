import type { Finding, FindingFamily } from "../../core/finding.ts";
import { findingText } from "../../core/finding-text.ts";
import type { Migration, Rule } from "../../core/migration.ts";
import { OVERALL, type Tick } from "../../core/sample.ts";
import { SHAPE_FAMILIES } from "../../core/shape-features.ts";
import type { Verdict } from "../../core/verdict.ts";
import type { Beginning, RuleJudge } from "../rule-judge.ts";
import { lse } from "../stats/log-space.ts";
import { EMPTY_SEGMENT, type SegmentView } from "../tick-view.ts";
import { type Detail, verdictOf } from "../verdict-of.ts";
import { createSetupWatch } from "./attribution.ts";
import { type Found, findingsOf, type Scope, scopeLogE } from "./findings-of.ts";
import { createSegmentWatch, type SegmentWatch } from "./segment-watch.ts";
import { createShapeClear } from "./shape-clear.ts";
import { toldFindings } from "./told-findings.ts";
import { createTrafficMix } from "./traffic-mix.ts";
import { EFFECT_FLOOR } from "./window-effect.ts";

const HOUR_MS = 3_600_000;
/** Findings are looked for at the end of every such slice of time: looking costs more than counting. */
const LOOK_MS = 60_000;

/** Of these people are told, and that is all: rules about tokens, cost and latency say how much of it is too much. */
const TOLD_ONLY: readonly FindingFamily[] = ["usage"];
const JUDGED: readonly FindingFamily[] = SHAPE_FAMILIES.filter((family) => !TOLD_ONLY.includes(family));

interface Standing extends Found {
  readonly since: number;
}

/** What the last look found. */
interface Look {
  readonly scopes: readonly Scope[];
  readonly standing: readonly Standing[];
  readonly notes: readonly string[];
}

const NOTHING: Look = { scopes: [], standing: [], notes: [] };

const asFinding = (standing: Standing): Finding => ({ ...standing, interval: standing.interval() });

/** Works something out once. */
const once = <T>(work: () => T): (() => T) => {
  let known: { readonly value: T } | null = null;
  return () => {
    known ??= { value: work() };
    return known.value;
  };
};

/** Half of the wealth rides on all calls together, half on the mean of the segments. */
const combine = (scopes: readonly Scope[], segments: number): number => {
  const weighted = scopes.map((scope) => {
    const ofSegment = segments === 0 ? 0 : Math.log(scope.segment === OVERALL ? 0.5 : 0.5 / segments);
    return scopeLogE(scope, JUDGED) + ofSegment;
  });
  return lse(weighted);
};

const keyOf = ({ segment, family }: Pick<Finding, "segment" | "family">): string => JSON.stringify([segment, family]);

/**
 * The rule `output_shape`: findings by family and segment, and what they can be blamed on. A breach while a finding
 * stands; clear when the leading features of all calls are proven to be like the baseline's. `threshold`: log e-value
 * of a breach, over all families and segments together.
 */
export const createShapeJudge = (
  rule: Rule,
  threshold: number,
  migration: Pick<Migration, "baseline" | "candidate">,
): RuleJudge => {
  const watches = new Map<string, SegmentWatch>();
  const [mix, setup, clear] = [createTrafficMix(), createSetupWatch(migration), createShapeClear()];
  const firstStood = new Map<string, number>();
  let designEffects: Readonly<Record<string, number>> = {};
  let [origin, look, lookedAt]: [number | null, Look, number] = [null, NOTHING, -1];
  let findings = once((): readonly Finding[] => []);

  const designEffectOf = (feature: string): number => designEffects[feature] ?? 1;

  const count = (tick: Tick, views: ReadonlyMap<string, SegmentView>, { isNewStage, changed }: Beginning): void => {
    origin ??= tick.from;
    const hour = Math.floor((tick.from - origin) / HOUR_MS);
    const clock = { hour, isNewStage: isNewStage || changed.length > 0, designEffectOf };
    for (const segment of views.keys()) if (!watches.has(segment)) watches.set(segment, createSegmentWatch());
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

  const lookAt = ({ to }: Tick): Look => {
    const clustering = Math.max(1, ...Object.values(designEffects));
    // Where the arms get different calls, all calls together differ without anything having changed.
    const isMixed = mix.differing(clustering).length > 0;
    const scopes = [...watches]
      .filter(([segment]) => !isMixed || segment !== OVERALL)
      .map(([segment, watch]) => ({ segment, candidates: watch.candidates() }));
    const standing = findingsOf(scopes, threshold).map((found) => stands(found, to));
    return { scopes, standing, notes: mix.notes(clustering) };
  };

  const strongest = (): Standing | undefined =>
    toldFindings(look.standing.filter(({ family }) => JUDGED.includes(family)))[0];

  const verdict = (detail: Detail): Verdict => {
    const { logEPass, n, warmingUp } = clear.reading();
    const worst = strongest();
    const candidates = look.scopes.flatMap((scope) => scope.candidates);
    const segments = look.scopes.filter(({ segment }) => segment !== OVERALL).length;
    const reading = {
      segment: worst?.segment ?? OVERALL,
      method: `arm-label (${worst?.feature ?? "no finding"})`,
      // Without a feature that is far enough apart there is nothing to bet on: the wealth is what it was.
      logE: candidates.length === 0 ? 0 : combine(look.scopes, segments),
      logEPass,
      n: worst?.n ?? n,
      events: null,
      value: { canary: worst === undefined ? null : Math.abs(worst.effect), baseline: worst === undefined ? null : 0 },
      interval: () => null,
      limit: EFFECT_FLOOR,
      share: n.canary + n.baseline > 0 ? n.canary / (n.canary + n.baseline) : 0,
      designEffect: designEffectOf(worst?.feature ?? ""),
      enough: worst !== undefined,
      warmingUp,
      baselineIll: false,
    };
    const judged = verdictOf(rule, threshold, [reading], detail);
    const parts = look.scopes.map((scope) => ({ segment: scope.segment, logE: scopeLogE(scope, JUDGED) }));
    const { changed, text } = setup.attribution();
    const blamed = changed.length === 0 ? "" : `; what changed: ${text}`;
    const seen = worst === undefined ? {} : { seen: `${findingText(asFinding(worst))}${blamed}` };
    const evidence = { ...judged.evidence, ...seen, parts: parts.filter(({ logE }) => Number.isFinite(logE)) };
    return { ...judged, evidence };
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
    verdict,
    report: () => ({
      findings: findings(),
      notes: look.notes,
      attribution: setup.attribution(),
    }),
  };
};
