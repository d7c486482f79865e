import type { Arm } from "./cohort.ts";
import type { MeasureFamily } from "./measures.ts";

/** What a finding is about first: features of one family move together. */
export type FindingFamily = MeasureFamily;

/** A call, by the identity of its span. */
export interface SpanId {
  readonly trace_id: string;
  readonly span_id: string;
}

/**
 * One thing the output of the running canary differs in from the baseline's: a family of features, in one segment. It
 * stands while the evidence reaches the threshold and the effect is large enough to matter.
 */
export interface Finding {
  readonly family: FindingFamily;
  /** The strongest feature of the family: a name of core/measures.ts. */
  readonly feature: string;
  /** OVERALL ("") or `name=value`. */
  readonly segment: string;
  /** `changed` where a label has taken another's place. */
  readonly direction: "up" | "down" | "changed";
  /** The label or key path that moved the most; null for features that are a number or yes and no. */
  readonly label: string | null;
  /** Share of the answers with the property or the label, 0-1; the median of a number, in `unit`. */
  readonly baseline: number | null;
  readonly canary: number | null;
  /** `share` for shares, the signal's unit for medians. */
  readonly unit: string;
  /** Cohen's h for shares (of a label: of the one that moved most), d for numbers; negative = down. */
  readonly effect: number;
  /** Time-uniform 99% interval of `canary`. */
  readonly interval: { readonly lower: number; readonly upper: number } | null;
  /** Log e-value of the family in the segment, natural; it stands at `threshold` or above. */
  readonly evidence: { readonly logE: number; readonly threshold: number };
  /** Answers compared. */
  readonly n: Readonly<Record<Arm, number>>;
  /** Other features of the family that changed with it, strongest first. */
  readonly also: readonly string[];
  /** A few new canary calls that show it; empty until the agent has looked for some. */
  readonly exampleSpans: readonly SpanId[];
  /** End of the first tick at which it stood, epoch ms. */
  readonly since: number;
}

/** What can differ between the arms, apart from what came out. */
export type Cause = "model" | "prompt" | "parameters" | "tools";

/** What differs between the calls of the two arms: the only things that findings can be blamed on. */
export interface Attribution {
  /** Empty when the calls, and the migration document, tell of no difference. */
  readonly changed: readonly Cause[];
  /** In words: `model`, `prompt and model`, `unknown`. */
  readonly text: string;
  /** What most calls of each arm carry; "" = unknown. */
  readonly differences: readonly {
    readonly what: Cause;
    readonly baseline: string;
    readonly canary: string;
  }[];
}

/** What the rule `output_shape` has to say beside its verdict. */
export interface ShapeReport {
  /** Strongest first. */
  readonly findings: readonly Finding[];
  /** One line each: what to know when reading them, such as a changed traffic mix. */
  readonly notes: readonly string[];
  readonly attribution: Attribution;
}
