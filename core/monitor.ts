import type { NoticePhase } from "./notice.ts";
import type { MeasuredKind } from "./signals.ts";

/** Which calls a monitor watches; null matches every value. */
export interface MonitorMatch {
  readonly service: string | null;
  readonly operation: string | null;
  readonly provider: string | null;
  /** The model that was asked for. */
  readonly model: string | null;
  /** Name of the prompt. */
  readonly prompt: string | null;
  /** `leeway.segment.*` attributes, without the prefix. */
  readonly segments: Readonly<Record<string, string>>;
}

/** What a monitor's calls are split by: each value is a series with a past of its own. `segment.x` = `leeway.segment.x`. */
export type SeriesKey = "service" | "operation" | "provider" | "model" | "prompt" | `segment.${string}`;

/** One property that a monitor compares with its past. */
export interface WatchedSignal {
  /** `error`, `latency_ms.p95`; unique within the monitor. */
  readonly id: string;
  /** Name in the catalogue, or of a sentinel's comparison. */
  readonly signal: string;
  readonly kind: MeasuredKind;
  /** 0-1 for a quantile of a value; null = the rate or the mean. */
  readonly quantile: number | null;
  readonly direction: "increase" | "drop" | "either";
  /** Unit people read; see SignalDefinition. */
  readonly unit: string;
}

/** The same model against its own past: which calls, which signals, and how rarely it may cry wolf. */
export interface Monitor {
  readonly name: string;
  /** Digest of everything below: a monitor whose definition changed starts anew. 16 hex digits. */
  readonly hash: string;
  readonly match: MonitorMatch;
  readonly by: readonly SeriesKey[];
  readonly signals: readonly WatchedSignal[];
  /** All detectors of the monitor together raise a false alarm at most this often on average, ms. */
  readonly meanTimeBetweenFalseAlarms: number;
  /** Length of a judged slice, ms: what the time above is counted in. */
  readonly slice: number;
  /** How far from its past a signal may be before that is a change, at least; a share of the past's value. */
  readonly margin: number;
  /** How far back the past is read when the monitor starts, ms. */
  readonly history: number;
  /** How much past there has to be before anything is judged, ms. */
  readonly learn: number;
  /** A change that stands this long is the new normal, ms. */
  readonly adoptAfter: number;
  /** Series that are watched, the first ones seen; false alarms are budgeted for this many. */
  readonly maxSeries: number;
  /** True: a new response model, or fingerprint, that takes most of the calls over is told as well. */
  readonly modelChanges: boolean;
  /** True: the past is one of all hours, not one per hour of the week. */
  readonly flat: boolean;
}

/** What answered: told with every alarm, because a change of it is the first thing to look at. */
export type Identity = "response_model" | "system_fingerprint" | "prompt_version";

/** Every identity. */
export const IDENTITIES: readonly Identity[] = ["response_model", "system_fingerprint", "prompt_version"];

/** Sufficient statistics of one signal, or one identity, of one series in one slice. */
export interface SeriesSample {
  /** "" = all calls, else `model=gpt-4o, service=api`. */
  readonly series: string;
  /** Name of a signal, or of an Identity. */
  readonly signal: string;
  /** Calls whose value is known. */
  readonly n: number;
  /** Events of a rate, the sum of a value or score, 0 of an identity. */
  readonly sum: number;
  /** Counts per bin: bucket index (value) or label (identity), as text. Empty for a rate. */
  readonly bins: Readonly<Record<string, number>>;
}

/** One closed slice of time as a monitor sees it: calls that ended in [from, to), and late ones. Times are epoch ms. */
export interface MonitorSlice {
  readonly from: number;
  readonly to: number;
  readonly samples: readonly SeriesSample[];
  /** Factor by which the likeness of one conversation's calls inflates a sum's variance, by signal; at least 1. */
  readonly designEffects: Readonly<Record<string, number>>;
}

/** A label that took over from another. `since` is epoch ms. */
export interface IdentityChange {
  readonly identity: Identity;
  readonly before: string;
  readonly after: string;
  readonly since: number;
}

/** A signal that is not what it was. Values are in the signal's unit; logs natural; times epoch ms. */
export interface Drift {
  readonly series: string;
  /** Id of the watched signal. */
  readonly signal: string;
  readonly unit: string;
  readonly direction: "increase" | "drop";
  /** The start with the most evidence. */
  readonly since: number;
  /** End of the slice that settled it. */
  readonly at: number;
  /** What the past says for this hour, and how far from it is still no change. */
  readonly expected: number;
  readonly limit: number;
  /** Calls since `since`: their value, its 99% interval (null where there is none), how many they are. */
  readonly seen: number;
  readonly interval: { readonly lower: number; readonly upper: number } | null;
  readonly n: number;
  readonly logE: number;
  readonly threshold: number;
  readonly designEffect: number;
  /** Identities that changed within a day before the change, or later: look there first. */
  readonly changed: readonly IdentityChange[];
}

/** What tells one drift from another. */
export type DriftKey = Pick<Drift, "series" | "signal" | "direction" | "since">;

/** Where an event of a drift is told; absent where only a drift of its own is meant. */
export interface Told {
  /** The drift whose incident it is told in: people are paged once an hour at most, the rest goes into that thread. */
  readonly incident: DriftKey;
  readonly phase: NoticePhase;
}

/** What a monitor tells people. */
export type MonitorEvent =
  /** The signal left its past. */
  | { readonly kind: "drift"; readonly drift: Drift; readonly told?: Told }
  /** A signal that had left moved on in the same direction. */
  | { readonly kind: "further"; readonly drift: Drift; readonly told?: Told }
  /** It is back. */
  | {
      readonly kind: "recovered";
      readonly drift: Drift;
      readonly at: number;
      readonly value: number;
      readonly told?: Told;
    }
  /** It stayed so long that it is the new normal. */
  | { readonly kind: "adopted"; readonly drift: Drift; readonly at: number; readonly told?: Told }
  /** Another model answers under the same name. */
  | { readonly kind: "model-changed"; readonly series: string; readonly change: IdentityChange; readonly at: number };

/** How far a monitor's signal is from an alarm. */
export interface WatchReading {
  readonly series: string;
  readonly signal: string;
  readonly unit: string;
  readonly direction: "increase" | "drop";
  /**
   * `learning`: too little past; `thin`: too few calls in this hour's past; `silent`: no call in the last hour;
   * `watching`: as in the past; `drifted`: an alarm stands.
   */
  readonly state: "learning" | "thin" | "silent" | "watching" | "drifted";
  /** Null while unknown. */
  readonly expected: number | null;
  readonly limit: number | null;
  /** Of the current hour. */
  readonly seen: number | null;
  readonly n: number;
  readonly logE: number | null;
  readonly threshold: number;
  readonly drift: Drift | null;
}
