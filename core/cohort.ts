/**
 * Which arm served a call: `baseline`, `canary` (candidate, answer used) or `shadow` (candidate, answer discarded).
 * Only baseline and canary are compared.
 */
export type Cohort = "baseline" | "canary" | "shadow";

/** The two arms every comparison has. */
export type Arm = "baseline" | "canary";

/** True when `value` names a cohort. */
export const isCohort = (value: unknown): value is Cohort =>
  value === "baseline" || value === "canary" || value === "shadow";
