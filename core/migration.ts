import type { RuleSignal } from "./signals.ts";

/** One of the two model configurations a migration moves between. */
export interface ModelConfiguration {
  readonly model: string;
  readonly provider: string | null;
  readonly prompt: { readonly name: string; readonly version: string } | null;
}

/** How far a rule lets a signal go, and what the number means. */
export type RuleUnit =
  /** the canary's own value may not pass the limit */
  | "absolute"
  /** percentage points of a share or score, against the reference */
  | "points"
  /** a share of the reference value, e.g. 20% above it */
  | "relative"
  /** the signal's own unit above the reference, e.g. 200 ms */
  | "absolute-increase";

/** What a rule does when its limit is truly breached. */
export type Severity = "rollback" | "pause";

/** Which way a signal may not move. */
export type RuleDirection = "increase" | "drop" | "either";

/** `baseline`: the concurrent baseline arm; `projection`: a number of the document; `none` for absolute limits. */
export type RuleReference = "baseline" | "projection" | "none";

/** Signal + limit + severity: written down before the migration began. */
export interface Rule {
  /** Unique within the migration, derived from the rule's content: `error`, `latency_ms.p99.relative`. */
  readonly id: string;
  readonly signal: RuleSignal;
  /** 0-1, for rules about a quantile of a value signal; null = the mean or rate. */
  readonly quantile: number | null;
  /**
   * Normalised: shares and points as 0-1 (5% and 5 points are both 0.05), absolute increases in the signal's unit.
   * 0 means "any worse". Null only for `output_shape`, which has no limit of its own.
   */
  readonly limit: number | null;
  readonly unit: RuleUnit | null;
  readonly direction: RuleDirection;
  readonly reference: RuleReference;
  /** The projected value, for reference `projection`. */
  readonly projection: number | null;
  /** Judge only inside the segments of this name; null = overall and every segment. */
  readonly by: string | null;
  readonly severity: Severity;
}

/** A stage in which the candidate answers a share of the calls. */
export interface CanaryStage {
  readonly kind: "canary";
  /** Canary share of the traffic, 0-1. */
  readonly share: number;
  readonly forMs: number;
  /** True when a person has to approve leaving the stage. */
  readonly approval: boolean;
}

/** One step of a migration. A kind that is added here does not compile before everybody says what it means to them. */
export type Stage = CanaryStage;

/** Which flag routes a migration's traffic, and in which flag system of leeway.yaml it is. */
export interface Route {
  readonly flag: string;
  readonly target: string;
}

/** A declared move of traffic from a baseline to a candidate: the migration document, validated and hashed. */
export interface Migration {
  readonly name: string;
  /** What the document is known by: the version of the hash (`v2:`) and the SHA-256 of what decides in it, 64 hex digits. */
  readonly hash: string;
  /** What earlier versions of Leeway called the same document. A migration under way may have been started with one of these. */
  readonly earlierHashes: readonly string[];
  readonly owner: string;
  readonly approvers: readonly string[];
  readonly baseline: ModelConfiguration;
  readonly candidate: ModelConfiguration;
  /** Which calls belong to it; null matches every value. */
  readonly match: { readonly service: string | null; readonly operation: string | null };
  readonly route: Route;
  /** Names of `leeway.segment.*` attributes the arms are compared within. */
  readonly segments: readonly string[];
  readonly stages: readonly Stage[];
  readonly rules: readonly Rule[];
}

/** True when `hash`, of this version or an earlier one, is that of the migration's document. */
export const isItsDocument = ({ hash: own, earlierHashes }: Migration, hash: string): boolean =>
  hash === own || earlierHashes.includes(hash);

/** The first `digits` of a document's hash, without its version: short enough for people, and for ids. */
export const shortHash = (hash: string, digits: number): string => hash.slice(hash.indexOf(":") + 1).slice(0, digits);

/** True for a hash of the first kind: it has no version, and covers owner and approvers as well. */
export const isUnversionedHash = (hash: string): boolean => !hash.includes(":");
