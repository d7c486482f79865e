import { studentOfZ, zOfLogTwoSided } from "../stats/normal-tail.ts";
import { createBlockAgreement } from "./block-agreement.ts";
import { type Column, columnsOf } from "./columns.ts";
import { type Design, designOf } from "./design.ts";
import { type Effect, effectOf } from "./effect.ts";
import { type Exchange, exchangeOf } from "./exchange.ts";
import { type Judgement, judgeColumns, type Question } from "./judge-columns.ts";
import type { Measure, Observation } from "./observation.ts";
import { type Scores, scoresOf } from "./scores.ts";
import { type WeightedValue, weightedValues } from "./weighted-values.ts";

/** One question whose answer differs between the arms, by more than a trifle. */
export interface FoundColumn {
  readonly column: Column;
  /** The stratum it was asked in; "" = all answers. */
  readonly segment: string;
  readonly effect: Effect;
  readonly p: number;
  readonly pAlone: number;
  readonly n: { readonly canary: number; readonly baseline: number };
}

/** Everything that was asked of two sets of answers. */
export interface Analysis {
  /** Rarest first. */
  readonly found: readonly FoundColumn[];
  /** Standard deviations that make a finding of a leading question in all answers; Infinity where nothing could be one. */
  readonly critical: number;
  /** Factor by which pairs, clusters and strata change the variance of a difference; null where nothing varies. */
  readonly effect: number | null;
  readonly design: Design;
}

/** Strata that are looked at by themselves: the largest. */
const MAX_SEGMENTS = 12;
/** Share of the chance of a false finding that is for all answers together; the rest is for the segments. */
const ALL_SHARE = 0.85;
/** Shares of it by kind of question: those that say most, parts of the range of what a reader sees, and of all else. */
const KIND_SHARES = { leading: 0.7, seen: 0.2, other: 0.1 } as const;
/** With fewer ways to exchange than this, nothing among many questions can be rare enough: 5 against 5 have 252. */
const MIN_LOG_WAYS = Math.log(400);
const EXCHANGE_SEED = 1;
const DRAW_SEED = 2;

interface Strata {
  /** Of each observation. */
  readonly of: Int32Array;
  readonly members: readonly (readonly number[])[];
  readonly names: readonly string[];
  /** Slot of each observation: its stratum's place among the segments, the last one for all others. */
  readonly slotOf: Int32Array;
  /** Names of the slots that are segments. */
  readonly segments: readonly string[];
  readonly slots: number;
}

const strataOf = (observations: readonly Observation[]): Strata => {
  const indexes = new Map<string, number[]>();
  observations.forEach(({ stratum }, i) => {
    const members = indexes.get(stratum);
    if (members === undefined) indexes.set(stratum, [i]);
    else members.push(i);
  });
  const sorted = [...indexes].sort((a, b) => b[1].length - a[1].length);
  const of = new Int32Array(observations.length);
  const slotOf = new Int32Array(observations.length);
  sorted.forEach(([, members], stratum) => {
    for (const i of members) {
      of[i] = stratum;
      slotOf[i] = Math.min(stratum, MAX_SEGMENTS);
    }
  });
  const names = sorted.map(([name]) => name);
  const segments = names.length > 1 ? names.slice(0, MAX_SEGMENTS) : [];
  const members = sorted.map((each) => each[1]);
  return { of, slotOf, members, names, segments, slots: Math.min(names.length, MAX_SEGMENTS + 1) };
};

const isLeading = ({ event }: Column): boolean => event === null || event.kind === "label";

const kindOf = (column: Column): keyof typeof KIND_SHARES => {
  if (isLeading(column)) return "leading";
  return column.measure.isSeen === true ? "seen" : "other";
};

/** Splits the chance of a false finding over the questions before anything is seen of the arms. */
const questionsOf = (columns: readonly Column[], segments: readonly string[]): readonly Question[] => {
  const kinds = columns.map(kindOf);
  const counts = new Map(kinds.map((kind) => [kind, kinds.filter((each) => each === kind).length]));
  // Kinds that nothing is asked of leave their share to the others.
  const whole = [...counts.keys()].reduce((sum, kind) => sum + KIND_SHARES[kind], 0);
  const ofColumn = kinds.map((kind) => KIND_SHARES[kind] / whole / (counts.get(kind) ?? 1));
  const slots = [null, ...segments.map((_, slot) => slot)];
  return slots.flatMap((slot) =>
    ofColumn.map((weight, column) => {
      const ofAll = segments.length === 0 ? 1 : ALL_SHARE;
      const ofSlot = slot === null ? ofAll : (1 - ALL_SHARE) / segments.length;
      return { slot, column, logWeight: Math.log(weight * ofSlot) };
    }),
  );
};

/** How much a difference of one between the arms moves the sum of scores. */
const scaleOf = ({ groups }: Design): number =>
  groups.reduce((sum, { canary, baseline, weight }) => {
    if (weight !== null) return sum + weight / 2;
    const answers = canary.reduce((n, unit) => n + unit.length, 0);
    return sum + (answers * baseline.length) / (canary.length + baseline.length);
  }, 0);

/** Three quarters of the questions have a smaller factor. */
const CAUTIOUS = 0.75;

/** Variance of a difference of means, over what it would be of independent answers: of the leading columns, told cautiously. */
const effectOfDesign = (
  columns: readonly Column[],
  { values, width }: Scores,
  { deviation, slots }: Exchange,
  design: Design,
  counts: readonly [number, number],
): number | null => {
  const scale = scaleOf(design);
  const single = 1 / counts[0] + 1 / counts[1];
  const effects = columns.flatMap((column, j) => {
    if (!isLeading(column)) return [];
    let [squares, n] = [0, 0];
    for (let at = j; at < values.length; at += width) {
      const score = values[at] ?? 0;
      if (Number.isNaN(score)) continue;
      squares += score * score;
      n += 1;
    }
    const own = (deviation[slots * width + j] ?? 0) / scale;
    return !isLeading(column) || squares === 0 || own === 0 ? [] : [own ** 2 / ((squares / n) * single)];
  });
  effects.sort((a, b) => a - b);
  return effects[Math.floor(CAUTIOUS * effects.length)] ?? null;
};

const countIn = (values: readonly WeightedValue[], arm: Observation["arm"]): number =>
  values.filter((each) => each.arm === arm).length;

/**
 * Puts every question about the measures to two sets of answers, in all of them and in the largest strata, and keeps what differs:
 * with a chance of at most `alpha` of any false one, and an effect that matters. Fixed samples: for one look. Pure, seeded.
 */
export const analyse = (
  measures: readonly Measure[],
  observations: readonly Observation[],
  alpha: number,
): Analysis => {
  const strata = strataOf(observations);
  const columns = columnsOf(measures, observations);
  const scores = scoresOf(columns, strata.members, observations.length);
  const design = designOf(observations, strata.of);
  const exchange = exchangeOf(design, scores, strata.slotOf, strata.slots, EXCHANGE_SEED);
  const questions = questionsOf(columns, strata.segments);
  const judgement: Judgement = judgeColumns(exchange, questions, alpha, DRAW_SEED);
  const families = new Set(columns.map(({ measure }) => measure.family)).size;
  // Where answers are exchanged inside prompts, each difference has to show from prompt to prompt as well: a share of alpha for each family.
  const agreement = design.needsAgreement ? zOfLogTwoSided(Math.log(alpha / Math.max(1, families))) : 0;
  const agreementT = design.needsAgreement ? studentOfZ(agreement, design.blocks.length - 1) : 0;
  const zOf = design.needsAgreement ? createBlockAgreement(design.blocks, scores) : null;
  const found = judgement.judged.flatMap(({ slot, column: j, p, pAlone }): readonly FoundColumn[] => {
    const column = columns[j];
    if (column === undefined || p > alpha) return [];
    if (zOf !== null && zOf(j) < agreement) return [];
    const isIn = (i: number): boolean => slot === null || strata.slotOf[i] === slot;
    const values = weightedValues(column, observations, design, strata.of, isIn);
    const effect = effectOf(column, values);
    if (effect?.matters !== true) return [];
    const n = { canary: countIn(values, "canary"), baseline: countIn(values, "baseline") };
    return [{ column, effect, p, pAlone, n, segment: slot === null ? "" : (strata.segments[slot] ?? "") }];
  });
  const leading = questions.find(({ column }) => columns[column] !== undefined && isLeading(columns[column]));
  const critical = zOfLogTwoSided(Math.min(0, judgement.critical + (leading?.logWeight ?? 0)));
  const counts = (["canary", "baseline"] as const).map((arm) => observations.filter((each) => each.arm === arm).length);
  return {
    ...{ found, design },
    critical: design.logWays < MIN_LOG_WAYS ? Number.POSITIVE_INFINITY : Math.max(critical, agreementT),
    effect: effectOfDesign(columns, scores, exchange, design, [counts[0] ?? 0, counts[1] ?? 0]),
  };
};
