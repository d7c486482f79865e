import type { Attribution, FindingFamily } from "../../core/finding.ts";
import { findingText } from "../../core/finding-text.ts";
import type { Rule } from "../../core/migration.ts";
import { OVERALL } from "../../core/sample.ts";
import { SHAPE_FAMILIES } from "../../core/shape-features.ts";
import type { Onset, Verdict } from "../../core/verdict.ts";
import { MIN_BASELINE_OUTPUTS } from "../rules/shape-bins.ts";
import { EFFECT_FLOOR } from "../stats/effect-size.ts";
import { lse } from "../stats/log-space.ts";
import { type Detail, verdictOf } from "../verdict-of.ts";
import { type Scope, scopeLogE } from "./findings-of.ts";
import type { ShapeClear } from "./shape-clear.ts";
import { asFinding, type ShapeLook, type Standing } from "./shape-look.ts";
import { toldFindings } from "./told-findings.ts";

/** Of these people are told, and that is all: rules about tokens, cost and latency say how much of it is too much. */
const TOLD_ONLY: readonly FindingFamily[] = ["usage"];
const JUDGED: readonly FindingFamily[] = SHAPE_FAMILIES.filter((family) => !TOLD_ONLY.includes(family));

/** What the verdict rests on. */
export interface ShapeGrounds {
  readonly look: ShapeLook;
  readonly clear: ReturnType<ShapeClear["reading"]>;
  readonly attribution: Attribution;
  readonly designEffectOf: (feature: string, answers: number) => number;
  /** Begin of the first tick and end of the last one of the stage at hand, epoch ms; null before the first. */
  readonly counted: { readonly since: number; readonly until: number } | null;
}

/**
 * Half of the wealth rides on all calls together, half on the mean of the segments. Where no feature is far enough apart
 * there is nothing to bet on: the wealth is what it was.
 */
const combine = (scopes: readonly Scope[]): number => {
  const segments = scopes.filter(({ segment }) => segment !== OVERALL).length;
  const logE = lse(
    scopes.map((scope) => {
      const ofSegment = segments === 0 ? 0 : Math.log(scope.segment === OVERALL ? 0.5 : 0.5 / segments);
      return scopeLogE(scope, JUDGED) + ofSegment;
    }),
  );
  return Number.isFinite(logE) ? logE : 0;
};

const strongestOf = ({ standing }: ShapeLook): Standing | undefined =>
  toldFindings(standing.filter(({ family }) => JUDGED.includes(family)))[0];

const seenOf = (worst: Standing, { changed, text }: Attribution): string =>
  `${findingText(asFinding(worst))}${changed.length === 0 ? "" : `; what changed: ${text}`}`;

/** A finding says since when it stands, and how far apart its answers are. */
const onsetOf = ({ since, n, effect }: Standing): Onset => ({
  since,
  n,
  events: null,
  value: { canary: Math.abs(effect), baseline: 0 },
  limit: EFFECT_FLOOR,
});

/** The verdict of the rule `output_shape`; the value it shows is the effect of the strongest finding. */
export const shapeVerdict = (
  rule: Rule,
  threshold: number,
  { look, clear, attribution, designEffectOf, counted }: ShapeGrounds,
  detail: Detail,
): Verdict => {
  const worst = strongestOf(look);
  const { canary, baseline } = clear.n;
  const reading = {
    ...{ segment: worst?.segment ?? OVERALL, weight: 1, isWaitedFor: true },
    method: `arm-label (${worst?.feature ?? "no finding"})`,
    logE: combine(look.scopes),
    logEPass: clear.logEPass,
    n: worst?.n ?? clear.n,
    events: null,
    value: { canary: worst === undefined ? null : Math.abs(worst.effect), baseline: worst === undefined ? null : 0 },
    interval: () => null,
    limit: EFFECT_FLOOR,
    share: canary + baseline > 0 ? canary / (canary + baseline) : 0,
    designEffect: designEffectOf(worst?.feature ?? "", canary + baseline),
    ...counted,
    ...(worst === undefined ? {} : { onset: () => onsetOf(worst) }),
    reference: { seen: clear.n.baseline, calls: MIN_BASELINE_OUTPUTS },
    enough: worst !== undefined,
    warmingUp: clear.warmingUp,
    baselineIll: false,
  };
  const verdict = verdictOf(rule, { threshold, hasSegments: false }, [reading], detail);
  const parts = look.scopes.map((scope) => ({ segment: scope.segment, logE: scopeLogE(scope, JUDGED) }));
  const evidence = {
    ...verdict.evidence,
    ...(worst === undefined ? {} : { seen: seenOf(worst, attribution) }),
    parts: parts.filter(({ logE }) => Number.isFinite(logE)),
  };
  return { ...verdict, evidence };
};
