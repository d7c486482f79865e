import type { Severity } from "../core/migration.ts";

/** Probability of ever rolling back a migration whose rules are all respected, over all rollback rules, however long it lasts. */
export const ROLLBACK_ALPHA = 0.01;

/** The same for pausing. */
export const PAUSE_ALPHA = 0.05;

/** Probability that one rule is ever called clear in a stage although it is violated. */
export const PASS_ALPHA = 0.05;

/** Level of the intervals shown to people, and of calling the baseline ill. */
export const LIMIT_ALPHA = 0.01;

/** Before judging begins, the baseline's calls of this long say where it is: no rule has to wait for that then, ms. */
export const LEARN_MS = 3_600_000;

/** Canary calls below which nothing is acted on. */
export const MIN_CALLS_TO_BREACH = 20;

/** Canary calls in the stage below which nothing is called clear. */
export const MIN_CALLS_TO_CLEAR = 200;

const ALPHA: Readonly<Record<Severity, number>> = { rollback: ROLLBACK_ALPHA, pause: PAUSE_ALPHA };

/** Log e-value a rule must reach: log(rules of its severity / alpha); the alpha is split evenly over them. */
export const breachThreshold = (severity: Severity, rulesOfSeverity: number): number =>
  Math.log(rulesOfSeverity / ALPHA[severity]);

/** Log e-value at which a rule is clear. */
export const PASS_THRESHOLD: number = -Math.log(PASS_ALPHA);
