import type { Arm } from "./cohort.ts";
import type { FeatureLabel, FeatureName } from "./features.ts";
import type { SignalName } from "./signals.ts";

/** Name of the segment that holds every call. Others are `name=value`, e.g. `input_type=faq`. */
export const OVERALL = "";

/** Value of the segment in which the calls of a name's rare values are judged together: `input_type=*other*`. */
export const OTHER_VALUE = "*other*";

/** The segment of the rare values of a segment's name; null for OVERALL. */
export const otherOf = (segment: string): string | null => {
  const at = segment.indexOf("=");
  return at === -1 ? null : `${segment.slice(0, at)}=${OTHER_VALUE}`;
};

/**
 * Design effect while nothing is known. Calls of the first minutes are those of few users and conversations; taken for
 * independent, they were most of the false rollbacks there were.
 */
export const UNKNOWN_EFFECT = 2;

/**
 * Sufficient statistics of one signal for one arm, segment and tick. Only calls whose value is known are in it:
 * a call without usage is absent from the token signals, not zero.
 */
export interface Sample {
  readonly signal: SignalName;
  readonly cohort: Arm;
  /** OVERALL or `name=value`. */
  readonly segment: string;
  /** Calls whose value is known. */
  readonly n: number;
  /** Events for a rate, the sum for a value or a score, 0 for a category. */
  readonly sum: number;
  /** Counts per bin: bucket index (value), hundredth (score) or label (category), as text. Empty for a rate. */
  readonly bins: Readonly<Record<string, number>>;
}

/**
 * What one user (else one conversation) adds to a sample of the same signal, arm and segment, of those who make or break
 * much of its calls. Whoever is not named may still have some.
 */
export interface HeavySample extends Sample {
  /** `user:` or `conversation:` and a hash of it. */
  readonly cluster: string;
}

/** Calls of one arm and segment in a tick, whether or not any signal is known. */
export interface CallCount {
  readonly cohort: Arm;
  readonly segment: string;
  readonly calls: number;
}

/** A tick's samples of one part of the traffic: the audience of a stage. */
export interface TickPart extends Pick<Tick, "calls" | "samples" | "heavy"> {}

/** What tells one build of a model from another: the name it answers under, and its fingerprint. */
export type ServedBy = "model" | "fingerprint";

/** How the calls of a tick came in: what the trust in its samples rests on. A missing part was not measured. */
export interface Intake {
  /** Calls per arm, and those of them that came in more than a minute after they ended. */
  readonly arrivals?: Readonly<Partial<Record<Arm, { readonly calls: number; readonly late: number }>>>;
  /** Answered calls per arm by what `gen_ai.response.model` and the system fingerprint said. */
  readonly served?: Readonly<
    Partial<Record<Arm, Readonly<Partial<Record<ServedBy, Readonly<Record<string, number>>>>>>>
  >;
  /**
   * Calls per arm by what they say they were made with and answered by (see core/call-identity.ts); of many different
   * ones the commonest, the rest is under none.
   */
  readonly carried?: Readonly<Partial<Record<Arm, Readonly<Record<string, number>>>>>;
  /**
   * Calls that the document's `match` names and that belong to no migration, by what they come from, beside those of the
   * migration (`own`). Of whole minutes, one late.
   */
  readonly unassigned?: {
    readonly calls: number;
    readonly own: number;
    readonly carried: Readonly<Record<string, number>>;
  };
  /**
   * The newest users of the stage (else conversations, else calls) by the arm of their first call; `identified` of
   * them are not just a call. On the ticks that renew it only.
   */
  readonly assigned?: Readonly<Record<Arm, number>> & { readonly identified: number };
  /** Calls that did not arrive, as far as their processes said or their numbers show, beside those that did. */
  readonly losses?: readonly { readonly service: string; readonly lost: number; readonly calls: number }[];
  /** Evaluations of the migration's flag by the arm they served. */
  readonly evaluations?: Readonly<Record<Arm, number>>;
  /** Calls per arm whose times could not be and were moved, and by how much in all: sender ahead of the agent, ms. */
  readonly moved?: Readonly<Partial<Record<Arm, { readonly calls: number; readonly skewMs: number }>>>;
  /** The clock of the agent's machine was set by this, ms, in the ten minutes before. */
  readonly clockStepMs?: number;
}

/**
 * The smallest closed slice of event time that is judged once: calls that ended in [from, to), and calls that ended
 * earlier but arrived after their own tick was closed. Times are epoch ms.
 */
export interface Tick {
  readonly migration: string;
  readonly from: number;
  readonly to: number;
  /** Index of the stage the migration stood at, 0-based. */
  readonly stage: number;
  /**
   * Canary share configured for that stage, 0-1; 0 after a rollback, when silence is what is to be expected of the canary. Earlier
   * versions kept the stage's.
   */
  readonly share: number;
  readonly calls: readonly CallCount[];
  readonly samples: readonly Sample[];
  /**
   * How much calls of one conversation or user resemble one another, per signal: the factor by which that inflates the
   * variance of a sum, at least 1. Taken from the newest calls before it; on the ticks that renew it only.
   */
  readonly designEffects?: Readonly<Partial<Record<SignalName | FeatureName | FeatureLabel, number>>>;
  /** The same over all calls since the agent began to count, of users who stay, and how many calls that were. */
  readonly lastingEffects?: Readonly<
    Partial<Record<SignalName | FeatureName | FeatureLabel, { readonly effect: number; readonly calls: number }>>
  >;
  /** Both without the heaviest users of an arm, of signals of which that is another number; on the same ticks. */
  readonly restEffects?: Pick<Tick, "designEffects" | "lastingEffects">;
  /** What the heaviest users and conversations add to the samples; missing where none is heavy or nobody looked. */
  readonly heavy?: readonly HeavySample[];
  /** Parts of the traffic that are folded by themselves as well: the audiences of this stage and the next, by their keys. */
  readonly parts?: Readonly<Record<string, TickPart>>;
  /** The one of them that the stage is for; missing = it is for everybody. */
  readonly judgedPart?: string;
  /** Calls of everybody, where `calls`, `samples` and `heavy` are those of one part. */
  readonly everybody?: readonly CallCount[];
  /** How its calls came in; missing in ticks that were stored before this was measured. */
  readonly intake?: Intake;
}
