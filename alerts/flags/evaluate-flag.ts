import { createHash } from "node:crypto";
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
  /** SPLIT: the targeting key decided. STATIC: everybody gets this variant. */
  readonly reason: "SPLIT" | "STATIC";
  readonly metadata: {
    readonly revision: string;
    readonly share: number;
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

/** True when every key gets the same variant, so no targeting key is needed. */
export const isStatic = (state: FlagState): boolean => {
  const buckets = canaryBuckets(state.share);
  return buckets <= 0 || buckets >= BUCKETS;
};

/**
 * Variant and value for one targeting key: sticky (the same key always falls into the same bucket) and monotone in
 * the share. Pure. `targetingKey` is only looked at while the flag splits the traffic.
 */
export const evaluateFlag = (state: FlagState, values: VariantValues, targetingKey: string): Evaluation => {
  const variant = bucketOfKey(state.flag, targetingKey) < canaryBuckets(state.share) ? "canary" : "baseline";
  return evaluationOf({ state, values }, variant);
};

/** The evaluation that serves `variant`. */
export const evaluationOf = ({ state, values }: FlagSplit, variant: Arm): Evaluation => ({
  key: state.flag,
  value: values[variant],
  variant,
  reason: isStatic(state) ? "STATIC" : "SPLIT",
  metadata: { revision: state.revision, share: state.share },
});
