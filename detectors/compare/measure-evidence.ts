import type { Arm } from "../../core/cohort.ts";
import { type BinCounts, labelLogE, SPREADS } from "../stats/arm-label.ts";
import { lae } from "../stats/log-space.ts";
import { type ArmValues, binValues, type NamedBins } from "./bin-values.ts";
import { conversationEffect } from "./conversation-effect.ts";
import { type Effect, effectOf } from "./effect.ts";
import type { Measure, Observation } from "./observation.ts";
import { pairLogE } from "./pair-evidence.ts";

/** What one measure says about one set of answers. */
export interface MeasureEvidence {
  readonly measure: Measure;
  readonly logE: number;
  readonly effect: Effect;
  readonly n: Readonly<Record<Arm, number>>;
}

/** Answers of one arm below which a measure is not judged at all. */
const MIN_ANSWERS = 5;
/** Wealth that rides on the pairs where there are any: the same prompt on both sides is worth twice the answers. */
const PAIR_WEIGHT = 0.9;
/** A wide spread beside the usual ones: some model changes turn a flag from never to always. */
const WIDE_SPREADS = [...SPREADS, 1.5];

interface Known {
  readonly values: ArmValues;
  readonly conversations: Readonly<Record<Arm, readonly (string | null)[]>>;
}

const knownOf = (observations: readonly Observation[], name: string): Known => {
  const values: Record<Arm, (number | string)[]> = { canary: [], baseline: [] };
  const conversations: Record<Arm, (string | null)[]> = { canary: [], baseline: [] };
  for (const { arm, conversation, values: known } of observations) {
    const value = known.get(name);
    if (value === undefined) continue;
    values[arm].push(value);
    conversations[arm].push(conversation);
  }
  return { values, conversations };
};

/** Every answer counts as 1 / this many. */
const designEffectOf = ({ values, conversations }: Known, { slotOf }: NamedBins): number => {
  const placed = (arm: Arm) => ({ slots: values[arm].map(slotOf), conversations: conversations[arm] });
  return conversationEffect({ canary: placed("canary"), baseline: placed("baseline") });
};

const scaled = ({ canary, baseline }: BinCounts, d: number): BinCounts =>
  d === 1 ? { canary, baseline } : { canary: canary.map((n) => n / d), baseline: baseline.map((n) => n / d) };

/** Pairs in which the canary's value is the larger, and the smaller; null when no prompt was answered by both arms. */
const pairsOf = (observations: readonly Observation[], name: string): readonly [number, number] | null => {
  const baseline = new Map<string, number | string>();
  for (const { arm, pair, values } of observations) {
    const value = values.get(name);
    if (arm === "baseline" && pair !== null && value !== undefined) baseline.set(pair, value);
  }
  let [pairs, larger, smaller] = [0, 0, 0];
  for (const { arm, pair, values } of observations) {
    const [value, other] = [values.get(name), pair === null ? undefined : baseline.get(pair)];
    if (arm !== "canary" || value === undefined || other === undefined) continue;
    pairs++;
    if (value > other) larger++;
    else if (value < other) smaller++;
  }
  return pairs === 0 ? null : [larger, smaller];
};

/**
 * Compares one measure inside one stratum: arm-label evidence at the answers' own share; where prompts are paired,
 * mostly the sign test. Answers of one conversation count for less. Null when an arm has too few known values.
 */
export const measureEvidence = (measure: Measure, observations: readonly Observation[]): MeasureEvidence | null => {
  const known = knownOf(observations, measure.name);
  const { values } = known;
  const n = { canary: values.canary.length, baseline: values.baseline.length };
  if (Math.min(n.canary, n.baseline) < MIN_ANSWERS) return null;
  const bins = binValues(measure.kind, values);
  const share = n.canary / (n.canary + n.baseline);
  const d = designEffectOf(known, bins);
  const unpaired = labelLogE(scaled(bins, d), share, share, WIDE_SPREADS);
  const pairs = measure.kind === "label" ? null : pairsOf(observations, measure.name);
  const logE =
    pairs === null
      ? unpaired
      : lae(Math.log(PAIR_WEIGHT) + pairLogE(pairs[0] / d, pairs[1] / d), Math.log(1 - PAIR_WEIGHT) + unpaired);
  return { measure, logE, effect: effectOf(measure.kind, values, bins), n };
};
