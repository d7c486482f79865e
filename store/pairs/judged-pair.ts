import type { PairClass, TriageRule } from "../../detectors/pairs/triage.ts";

/** What a pair was judged to be in one segment. */
export interface JudgedPair {
  readonly migration: string;
  readonly pairId: string;
  /** When the pair came in, epoch ms. */
  readonly receivedMs: number;
  /** `name=value`; empty = among all pairs. */
  readonly segment: string;
  readonly word: PairClass;
  readonly rule: TriageRule;
  /** 12 hex digits; empty for none. */
  readonly cluster: string;
  /** Epoch ms. */
  readonly judgedMs: number;
}

/** Pairs that came in from `fromMs` to `untilMs`, both included; epoch ms. */
export interface WordsRequest {
  readonly migration: string;
  readonly fromMs: number;
  readonly untilMs: number;
}
