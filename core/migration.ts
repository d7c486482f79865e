import type { Audience } from "./audience.ts";
import type { Normalisation } from "./normalisations.ts";
import type { ShadowSettings } from "./shadow.ts";
import type { RuleSignal } from "./signals.ts";
import type { Why } from "./why.ts";

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
  /** The limit is this share of the baseline's quantile, 0-1, where that is more: for quantiles with `absolute-increase`. */
  readonly orRelative?: number;
  readonly direction: RuleDirection;
  readonly reference: RuleReference;
  /** The projected value, for reference `projection`. */
  readonly projection: number | null;
  /** Judge only inside the segments of this name; null = overall and every segment. */
  readonly by: string | null;
  readonly severity: Severity;
}

/** What every kind of stage has. */
interface StageBase {
  /** Shortest time in it, ms. */
  readonly forMs: number;
  /** True when a person has to approve that the stage is entered. */
  readonly approval: boolean;
  /** Ids of the rules that have to be clear for it to end; left out = all. Every rule guards every stage. */
  readonly gate?: readonly string[];
  /** Calls it waits for, the canary's, of a baseline stage the baseline's; left out = none beyond what rules take. */
  readonly minCalls?: number;
}

/** A stage in which the candidate answers a share of the calls. */
export interface CanaryStage extends StageBase {
  readonly kind: "canary";
  /** Canary share of the traffic, 0-1; with an audience, of its traffic alone. */
  readonly share: number;
  /** Whom the share is for; everybody else gets the baseline. Left out = everybody. */
  readonly audience?: Audience;
}

/** The baseline answers everything, and what the rules compare with is learned before a user meets the candidate. */
export interface BaselineStage extends StageBase {
  readonly kind: "baseline";
}

/** The candidate answers nobody: a part of the calls is sent to it as well, and its answers are thrown away. */
export interface ShadowStage extends StageBase {
  readonly kind: "shadow";
  /** Part of the calls that the candidate gets as well, 0-1. */
  readonly mirrored: number;
}

/** The candidate answers all but a holdback, which keeps a live baseline to compare with. */
export interface ObserveStage extends StageBase {
  readonly kind: "observe";
  /** Part of the traffic that stays with the baseline, 0-1. */
  readonly holdback: number;
}

/** One step of a migration. A kind that is added here does not compile before everybody says what it means to them. */
export type Stage = CanaryStage | BaselineStage | ShadowStage | ObserveStage;

/** What `approval: true` guards: that its stage is entered; in migrations that an earlier version started, that it is left. */
export type ApprovalMeaning = "entry" | "leaving";

/** A time in which no stage ends by itself, by the clocks of an IANA time zone: days (0 = Sunday), or minutes of the day. */
export type ClosedTime =
  | { readonly days: readonly number[]; readonly zone: string }
  /** `to` may be before `from`: over midnight. */
  | { readonly from: number; readonly to: number; readonly zone: string };

/** Which flag routes a migration's traffic, and in which flag system of leeway.yaml it is. */
export interface Route {
  readonly flag: string;
  readonly target: string;
}

/** How a migration is routed: by a flag, and by what else it can be brought down where that one fails. */
export interface MigrationRoute extends Route {
  /** Tried one after the other, downwards only; left out = none. */
  readonly fallback?: readonly Route[];
}

/** True for the same flag of the same flag system. */
export const isSameRoute = (a: Route, b: Route): boolean => a.flag === b.flag && a.target === b.target;

/** How the values of one segment name are told apart. */
export interface SegmentOptions {
  /** Done to each value, in the order of NORMALISATIONS. Default: nothing. */
  readonly normalise: readonly Normalisation[];
  /** Values that are judged by themselves, the commonest; the others together. Default: 50. */
  readonly values: number;
}

/** Values of a segment name that are judged by themselves, unless the document says otherwise. */
export const DEFAULT_SEGMENT_VALUES = 50;

/** As many may be asked for: the store folds no more by themselves. */
export const MAX_SEGMENT_VALUES = 200;

/** Segment names whose values are told apart otherwise than by default. */
export type SegmentOptionsByName = Readonly<Record<string, SegmentOptions>>;

/** A declared move of traffic from a baseline to a candidate: the migration document, validated and hashed. */
export interface Migration {
  readonly name: string;
  /** What the document is known by: the version of the hash (`v2:`) and the SHA-256 of what decides in it, 64 hex digits. */
  readonly hash: string;
  /** What earlier versions of Leeway called the same document. A migration under way may have been started with one of these. */
  readonly earlierHashes: readonly string[];
  readonly owner: string;
  readonly approvers: readonly string[];
  /**
   * True: approvals count only by the approvers' tokens, never from who started it or gave it another document, and it takes two
   * of them where that is not known. Left out = false.
   */
  readonly fourEyes?: boolean;
  /** Where it happens, such as `production`: notices are routed by it. Left out = where the agent says it is. */
  readonly environment?: string;
  /** What the team does about an incident: absolute http(s) URL, for the notices. Left out = none. */
  readonly runbook?: string;
  /** Why it is made; decides nothing, and is no part of the hash. Left out = the document does not say. */
  readonly why?: Why;
  readonly baseline: ModelConfiguration;
  readonly candidate: ModelConfiguration;
  /** Which calls belong to it; null matches every value. */
  readonly match: { readonly service: string | null; readonly operation: string | null };
  readonly route: MigrationRoute;
  /** Names of `leeway.segment.*` attributes the arms are compared within. */
  readonly segments: readonly string[];
  /** How their values are told apart, where the document says it. */
  readonly segmentOptions?: SegmentOptionsByName;
  readonly stages: readonly Stage[];
  /** How its shadow stages are carried out and judged. Left out = as DEFAULT_SHADOW says. */
  readonly shadow?: ShadowSettings;
  /** When no stage ends by itself; left out = never. Harm waits for none of it. */
  readonly not?: readonly ClosedTime[];
  readonly rules: readonly Rule[];
  /** Checks of the pre-flight (lifecycle/preflight.ts) that hold no advance of it. Left out = none is skipped. */
  readonly preflightSkips?: readonly string[];
}

/** True when `hash`, of this version or an earlier one, is that of the migration's document. */
export const isItsDocument = ({ hash: own, earlierHashes }: Migration, hash: string): boolean =>
  hash === own || earlierHashes.includes(hash);

/** The first `digits` of a document's hash, without its version: short enough for people, and for ids. */
export const shortHash = (hash: string, digits: number): string => hash.slice(hash.indexOf(":") + 1).slice(0, digits);
