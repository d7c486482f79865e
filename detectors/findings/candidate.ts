import type { Finding, FindingFamily } from "../../core/finding.ts";
import type { WindowEffect } from "./window-effect.ts";

/** A feature whose arms are far enough apart to matter, with the evidence that it is no chance. */
export interface Candidate {
  readonly family: FindingFamily;
  readonly feature: string;
  readonly unit: string;
  /** The label or key path that moved; null for flags and numbers. */
  readonly label: string | null;
  /** Log e-value, weighted for the windows it was looked for in. */
  readonly logE: number;
  readonly effect: WindowEffect;
  readonly designEffect: number;
  /** Time-uniform interval of the canary's value; worked out for findings only. */
  readonly interval: () => Finding["interval"];
}
