import { createHash } from "node:crypto";
import { audienceText, isOfAudience } from "../../core/audience.ts";
import type { Arm } from "../../core/cohort.ts";
import type { FlagState } from "../../core/flag.ts";

/** What the flag evaluates to in each arm: usually the name of the model. */
export interface VariantValues {
  readonly baseline: string;
  readonly canary: string;
}

/** One evaluation, in the shape OFREP answers with. */
export interface Evaluation {
  readonly key: string;
  readonly value: string;
  readonly variant: Arm;
  /**
   * SPLIT: the targeting key decided. STATIC: everybody gets this variant. TARGETING_MATCH: whether the context is of those whom the
   * share is for decided.
   */
  readonly reason: "SPLIT" | "STATIC" | "TARGETING_MATCH";
  readonly metadata: {
    readonly revision: string;
    /** Share of those whom it is for. */
    readonly share: number;
    /** Whom it is for, in words; missing where it is for everybody. */
    readonly segment?: string;
    /** Where a conversation was named: whether this turn began it, kept its arm, or moved it to the baseline. */
    readonly conversation?: "new" | "kept" | "moved";
    /** The arm the conversation had until this turn; on the turn that moved it alone. */
    readonly handoff?: Arm;
  };
}

/** What an evaluation goes by: the flag as it is served, and what it evaluates to. */
export interface FlagSplit {
  readonly state: FlagState;
  readonly values: VariantValues;
}

/** Buckets the targeting keys fall into: the share's resolution is a thousandth of a percent. */
export const BUCKETS = 100_000;

/**
 * Bucket of a targeting key, 0 to 99,999: the first 48 bits of SHA-256 over the flag and the key, modulo 100,000. It
 * does not depend on the share, so raising the share keeps everybody who was in the canary. Flag and key are
 * separated by a byte neither contains, so that ("a", "bc") and ("ab", "c") differ.
 */
export const bucketOfKey = (flag: string, targetingKey: string): number =>
  createHash("sha256").update(flag).update(Uint8Array.of(0xff)).update(targetingKey).digest().readUIntBE(0, 6) %
  BUCKETS;

/** Buckets the canary has. Rounded: 0.07 * 100,000 is 7000.000000000001, and would let one bucket too many in. */
export const canaryBuckets = (share: number): number => Math.round(share * BUCKETS);

/** What an evaluation says of whom it is for: the value of a segment, null where it says none. */
export type SegmentOf = (segment: string) => string | null;

/** Of an evaluation that says no segment. */
export const NO_SEGMENT: SegmentOf = () => null;

/** Buckets of those with these segments that the canary has: none of who is not of the flag's audience. */
export const bucketsFor = ({ share, audience }: FlagState, segmentOf: SegmentOf): number =>
  audience === undefined || isOfAudience(audience, segmentOf(audience.segment)) ? canaryBuckets(share) : 0;

/** True when every key with these segments gets the same variant, so no targeting key is needed. */
export const needsNoKey = (state: FlagState, segmentOf: SegmentOf): boolean => {
  const buckets = bucketsFor(state, segmentOf);
  return buckets <= 0 || buckets >= BUCKETS;
};

/**
 * Variant and value for one targeting key: sticky (the same key always falls into the same bucket) and monotone in
 * the share, and the same bucket whomever the share is for. Pure. `targetingKey` is only looked at while the flag splits the
 * traffic of these segments; who says no segment is of no audience.
 */
export const evaluateFlag = (
  state: FlagState,
  values: VariantValues,
  targetingKey: string,
  segmentOf: SegmentOf = NO_SEGMENT,
): Evaluation => {
  const isIn = bucketOfKey(state.flag, targetingKey) < bucketsFor(state, segmentOf);
  return evaluationOf({ state, values }, isIn ? "canary" : "baseline", segmentOf);
};

const reasonOf = (state: FlagState, segmentOf: SegmentOf): Evaluation["reason"] => {
  if (!needsNoKey(state, segmentOf)) return "SPLIT";
  return state.audience === undefined ? "STATIC" : "TARGETING_MATCH";
};

/** The evaluation that serves `variant`. */
export const evaluationOf = ({ state, values }: FlagSplit, variant: Arm, segmentOf: SegmentOf): Evaluation => ({
  key: state.flag,
  value: values[variant],
  variant,
  reason: reasonOf(state, segmentOf),
  metadata: {
    revision: state.revision,
    share: state.share,
    ...(state.audience === undefined ? {} : { segment: audienceText(state.audience) }),
  },
});
