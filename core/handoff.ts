import type { Arm } from "./cohort.ts";

/** What is compared of a conversation's first turn after it was moved to another arm. */
export const HANDOFF_SIGNALS = ["error", "refusal", "latency_ms", "output_tokens", "output_chars"] as const;

/** One of them. */
export type HandoffSignal = (typeof HANDOFF_SIGNALS)[number];

/** `rate`: of a conversation's calls, 0-1. `amount`: the mean of their logarithms, so that one long call is not the whole. */
export const HANDOFF_KINDS: Readonly<Record<HandoffSignal, "rate" | "amount">> = {
  error: "rate",
  refusal: "rate",
  latency_ms: "amount",
  output_tokens: "amount",
  output_chars: "amount",
};

/** Units of their values, as figures are written. */
export const HANDOFF_UNITS: Readonly<Record<HandoffSignal, string>> = {
  error: "share",
  refusal: "share",
  latency_ms: "ms",
  output_tokens: "tokens",
  output_chars: "characters",
};

/** Sums over conversations, each of which counts once, by the mean of its calls. */
export interface HandoffSums {
  /** Conversations of which something is known. */
  readonly n: number;
  readonly sum: number;
  readonly squares: number;
}

/** `moved`: the first turns after a move to the arm; `stayed`: later turns of conversations that were never moved. */
export type HandoffGroups<T> = Readonly<Record<"moved" | "stayed", T>>;

/** The hand-offs to one arm. */
export interface HandoffCells {
  /** The arm that conversations were moved to. */
  readonly arm: Arm;
  /** Conversations that were, and the calls of their first turns. */
  readonly conversations: number;
  readonly calls: number;
  /** Calls that say they follow a move and name no conversation: of none that could be counted. */
  readonly nameless: number;
  /** When the first and the last of those calls ended, epoch ms: what is compared with them is of this time. */
  readonly first: number;
  readonly last: number;
  readonly sums: Readonly<Record<HandoffSignal, HandoffGroups<HandoffSums>>>;
}

/** What conversations did in a stretch of time. */
export interface HandoffReading {
  /** The newest calls of both arms that were looked at for conversations, and those that name one. */
  readonly calls: number;
  readonly named: number;
  /** Conversations among them that have calls of both arms, and none that says it was moved. */
  readonly unmarked: number;
  readonly arms: readonly HandoffCells[];
}

/** What a move does to one signal. Values are rates (0-1) or typical amounts (geometric means), null where nothing is known. */
export interface HandoffEffect {
  readonly signal: HandoffSignal;
  readonly conversations: HandoffGroups<number>;
  readonly values: HandoffGroups<number | null>;
  /** Moved minus stayed for a rate, in points (0.01 = one); the relative difference for an amount. Null where too few are known. */
  readonly difference: number | null;
  /** 95%, of `difference`. */
  readonly interval: { readonly lower: number; readonly upper: number } | null;
  /** How many conversations are missing before there is a difference; null where it is there. */
  readonly missing: HandoffGroups<number> | null;
}

/** The hand-offs to one arm and what they do. */
export interface ArmHandoffs extends Omit<HandoffCells, "sums"> {
  readonly effects: readonly HandoffEffect[];
}
