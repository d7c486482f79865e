import type { Arm } from "../../core/cohort.ts";
import { lgamma } from "../stats/special.ts";
import type { Observation } from "./observation.ts";

/** Observations that are one draw: they belong to one arm together. */
export type Unit = readonly number[];

/** Units that could as well have been the other arm's, if the arms are equal. */
export interface Group {
  readonly canary: readonly Unit[];
  readonly baseline: readonly Unit[];
  /** Counts of a set as the mean of its answers times this; null: as their sum. */
  readonly weight: number | null;
}

/** One prompt (or conversation) that both arms answered. */
export interface Block {
  readonly canary: Unit;
  readonly baseline: Unit;
  /** n m / (n + m) of its answers: what one answer of each is worth twice. */
  readonly weight: number;
  /** Repeats of one prompt, which are answers of their own; those of a conversation are not. */
  readonly isPrompt: boolean;
}

/** How the answers hang together: what may be exchanged under the claim that the arms are equal. */
export interface Design {
  readonly groups: readonly Group[];
  readonly blocks: readonly Block[];
  /** Answers are exchanged inside blocks, which takes repeats for independent: what is found has to show from block to block too. */
  readonly needsAgreement: boolean;
  /** Log of how many ways there are to exchange. */
  readonly logWays: number;
  /** Observations in blocks, by their place. */
  readonly inBlock: Uint8Array;
}

/** Blocks from which on whole sets are exchanged: 2^20 ways of doing so. */
export const MANY_BLOCKS = 20;

/** Sets of observations that share any of their keys: union-find, by path halving. */
const components = (n: number, keysOf: (i: number) => readonly string[]): readonly number[][] => {
  const parent = Int32Array.from({ length: n }, (_, i) => i);
  const find = (start: number): number => {
    let i = start;
    while (parent[i] !== i) {
      parent[i] = parent[parent[i] ?? i] ?? i;
      i = parent[i] ?? i;
    }
    return i;
  };
  const firstOf = new Map<string, number>();
  for (let i = 0; i < n; i++) {
    for (const key of keysOf(i)) {
      const first = firstOf.get(key);
      if (first === undefined) firstOf.set(key, i);
      else parent[find(i)] = find(first);
    }
  }
  const sets = new Map<number, number[]>();
  for (let i = 0; i < n; i++) {
    const root = find(i);
    const set = sets.get(root);
    if (set === undefined) sets.set(root, [i]);
    else set.push(i);
  }
  return [...sets.values()];
};

const conversationKey = ({ conversation, arm }: Observation, ofArm: boolean): readonly string[] =>
  conversation === null ? [] : [ofArm ? `${arm} c ${conversation}` : `c ${conversation}`];

const countOf = (set: readonly number[], keyOf: (i: number) => string | null): number =>
  new Set(set.map(keyOf).filter((key) => key !== null)).size;

/** Several prompts in several conversations of one arm: neither is a draw inside the other. */
const isCrossed = (set: readonly number[], at: (i: number) => Observation): boolean =>
  countOf(set, (i) => at(i).pair) > 1 &&
  (["canary", "baseline"] as const).some(
    (arm) =>
      countOf(
        set.filter((i) => at(i).arm === arm),
        (i) => at(i).conversation,
      ) > 1,
  );

/** Share of the answers in sets where prompts and conversations cross, from which on conversations alone are the draws. */
const MAX_CROSSED = 0.1;

const setsOf = (observations: readonly Observation[]): readonly (readonly number[])[] => {
  const n = observations.length;
  const at = (i: number): Observation => observations[i] as Observation;
  const tied = components(n, (i) => [
    ...conversationKey(at(i), false),
    ...(at(i).pair === null ? [] : [`p ${at(i).pair}`]),
  ]);
  const crossed = tied.filter((set) => isCrossed(set, at)).reduce((sum, { length }) => sum + length, 0);
  return crossed > MAX_CROSSED * n ? components(n, (i) => conversationKey(at(i), true)) : tied;
};

/** The stratum most of a unit's answers are in. */
const stratumOf = (unit: Unit, strata: Int32Array): number => {
  const counts = new Map<number, number>();
  for (const i of unit) counts.set(strata[i] ?? 0, (counts.get(strata[i] ?? 0) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
};

const singly = (unit: Unit): readonly Unit[] => unit.map((i) => [i]);

/** Exchanges whole sets of a block: between n answers of the same and of independent ones, their weight is the root. */
const ofSets = ({ canary, baseline, weight }: Block): Group => ({
  canary: [canary],
  baseline: [baseline],
  weight: Math.sqrt(weight),
});

const ofAnswers = ({ canary, baseline }: Block): Group => ({
  canary: singly(canary),
  baseline: singly(baseline),
  weight: null,
});

/** Log of the number of ways to choose which of a group's units are the canary's. */
const logWaysOf = ({ canary, baseline }: Group): number => {
  const [n, m] = [canary.length, baseline.length];
  return lgamma(n + m + 1) - lgamma(n + 1) - lgamma(m + 1);
};

const hasRepeats = ({ weight, isPrompt }: Block): boolean => isPrompt && weight > 0.5;

/** The mean of one answer and that of ten are not each other's mirror image, unless answers are symmetric. */
const isEven = ({ canary, baseline }: Block): boolean => canary.length === baseline.length;

/**
 * What may be exchanged: a prompt's set of answers with the other arm's set; where prompts are few or sets uneven, their answers; else one
 * conversation, or one answer, with another of its stratum. `strata` numbers the stratum of each observation.
 */
export const designOf = (observations: readonly Observation[], strata: Int32Array): Design => {
  const blocks: Block[] = [];
  const inBlock = new Uint8Array(observations.length);
  const loose = new Map<number, Record<Arm, Unit[]>>();
  for (const set of setsOf(observations)) {
    const canary = set.filter((i) => observations[i]?.arm === "canary");
    const baseline = set.filter((i) => observations[i]?.arm === "baseline");
    if (canary.length > 0 && baseline.length > 0) {
      blocks.push({
        canary,
        baseline,
        weight: (canary.length * baseline.length) / set.length,
        isPrompt: countOf(set, (i) => observations[i]?.pair ?? null) === 1,
      });
      for (const i of set) inBlock[i] = 1;
      continue;
    }
    const stratum = stratumOf(set, strata);
    const units = loose.get(stratum) ?? { canary: [], baseline: [] };
    loose.set(stratum, units);
    units[canary.length > 0 ? "canary" : "baseline"].push(set);
  }
  const asAnswers = (block: Block): boolean => hasRepeats(block) && (blocks.length < MANY_BLOCKS || !isEven(block));
  const rest = [...loose.values()].filter(({ canary, baseline }) => canary.length > 0 && baseline.length > 0);
  const ofBlocks = blocks.map((block) => (asAnswers(block) ? ofAnswers(block) : ofSets(block)));
  const groups = [...ofBlocks, ...rest.map((each) => ({ ...each, weight: null }))];
  // Of one prompt alone nothing can show from prompt to prompt: what is found holds for it.
  const needsAgreement = blocks.length > 1 && blocks.some(asAnswers);
  return { groups, blocks, needsAgreement, logWays: groups.reduce((sum, group) => sum + logWaysOf(group), 0), inBlock };
};
