import type { Arm } from "../../core/cohort.ts";
import type { CellPricesOf, CostCell } from "../../core/cost-cell.ts";
import type { CostCalls, CostDifference, CostFactor, CostPart, CostUnknown } from "../../core/cost-difference.ts";
import { unreachable } from "../../core/exhaustive.ts";
import { shapleyValues } from "../stats/shapley.ts";
import { type CostProfile, costProfile, listedCell } from "./cost-profile.ts";

type Arms<T> = Readonly<Record<Arm, T>>;

/** One segment as both arms have it. Of a segment that only one has, the other is taken to be like it. */
interface SegmentCost {
  readonly profiles: Arms<CostProfile>;
  /** Share of the arm's calls that are listed and in it, 0-1. */
  readonly weight: Arms<number>;
}

/** Everything that the mean cost of a call follows from. */
interface CostModel {
  readonly segments: readonly SegmentCost[];
  /** Calls without a list price: their share, and what they cost a call. */
  readonly unlisted: Arms<{ readonly share: number; readonly costUsd: number }>;
}

const UNITS: Readonly<Record<CostFactor, string>> = {
  price: "USD",
  tokenizer: "tokens per character",
  length: "characters",
  prompt: "tokens",
  reasoning: "tokens",
  cache: "share",
  mix: "",
  unlisted: "share",
};

const FACTORS = Object.keys(UNITS) as readonly CostFactor[];

/** Which arm each factor is taken from. */
type Choice = (factor: CostFactor) => Arm;

const known = (first: number | null, second: number | null): number => first ?? second ?? 0;

const otherArm = (arm: Arm): Arm => (arm === "canary" ? "baseline" : "canary");

/** US dollars of a call in one segment, each factor from the arm that was chosen for it. */
const segmentCost = ({ profiles }: SegmentCost, choice: Choice): number => {
  const of = (factor: CostFactor): CostProfile => profiles[choice(factor)];
  const either = (factor: CostFactor, read: (profile: CostProfile) => number | null): number =>
    known(read(of(factor)), read(profiles[otherArm(choice(factor))]));
  const { input, cached, written, output } = of("price").prices;
  const cachedShare = either("cache", (profile) => profile.cachedShare);
  const writtenShare = either("cache", (profile) => profile.writtenShare);
  const perPromptToken = (1 - cachedShare - writtenShare) * input + cachedShare * cached + writtenShare * written;
  const { chars, otherTokens } = of("length");
  const answer = either("tokenizer", (profile) => profile.tokensPerChar) * chars + otherTokens;
  return of("prompt").promptTokens * perPromptToken + (answer + of("reasoning").reasoningTokens) * output;
};

const meanCost = ({ segments, unlisted }: CostModel, choice: Choice): number => {
  const { share, costUsd } = unlisted[choice("unlisted")];
  const listed = segments.reduce(
    (sum, segment) => sum + segment.weight[choice("mix")] * segmentCost(segment, choice),
    0,
  );
  return (1 - share) * listed + share * costUsd;
};

const sumOf = (cells: readonly CostCell[], of: (cell: CostCell) => number): number =>
  cells.reduce((sum, cell) => sum + of(cell), 0);

const countsOf = (cells: readonly CostCell[]): CostCalls => ({
  calls: sumOf(cells, ({ calls }) => calls),
  priced: sumOf(cells, ({ priced }) => priced),
  withoutUsage: sumOf(cells, ({ withoutUsage }) => withoutUsage),
  withoutPrice: sumOf(cells, ({ withoutPrice }) => withoutPrice),
});

const bothArms = <T>(of: (arm: Arm) => T): Arms<T> => ({ canary: of("canary"), baseline: of("baseline") });

const modelOf = (cells: Arms<readonly CostCell[]>, pricesOf: CellPricesOf): CostModel => {
  const listed = bothArms((arm) => cells[arm].flatMap((cell) => listedCell(cell, pricesOf) ?? []));
  const listedCalls = bothArms((arm) => listed[arm].reduce((sum, { cell }) => sum + cell.priced, 0));
  const names = [...new Set([...listed.baseline, ...listed.canary].map(({ cell }) => cell.segment))].sort();
  const segments = names.flatMap((name): readonly SegmentCost[] => {
    const { canary, baseline } = bothArms((arm) =>
      costProfile(listed[arm].filter(({ cell }) => cell.segment === name)),
    );
    const [one, other] = [baseline ?? canary, canary ?? baseline];
    if (one === null || other === null) return [];
    const weight = {
      baseline: (baseline?.calls ?? 0) / listedCalls.baseline,
      canary: (canary?.calls ?? 0) / listedCalls.canary,
    };
    return [{ profiles: { baseline: one, canary: other }, weight }];
  });
  const unlisted = bothArms((arm) => {
    const without = cells[arm].filter((cell) => listedCell(cell, pricesOf) === null);
    const [calls, cost] = [sumOf(without, ({ priced }) => priced), sumOf(without, ({ costUsd }) => costUsd)];
    return { share: calls / sumOf(cells[arm], ({ priced }) => priced), costUsd: calls === 0 ? 0 : cost / calls };
  });
  return { segments, unlisted };
};

/** The mean of a figure over an arm's listed calls. */
const meanOf = ({ segments }: CostModel, arm: Arm, of: (profile: CostProfile) => number): number =>
  segments.reduce((sum, { weight, profiles }) => sum + weight[arm] * of(profiles[arm]), 0);

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

/** What a factor is in one arm, over all segments. */
const figureOf = (model: CostModel, factor: CostFactor, arm: Arm): number | null => {
  const mean = (of: (profile: CostProfile) => number): number => meanOf(model, arm, of);
  switch (factor) {
    case "price":
      return meanCost(model, (each) => (each === "price" ? arm : "baseline"));
    case "tokenizer":
      return ratio(
        mean(({ tokensPerChar, chars }) => (tokensPerChar ?? 0) * chars),
        mean(({ chars }) => chars),
      );
    case "length":
      return mean(({ chars }) => chars);
    case "prompt":
      return mean(({ promptTokens }) => promptTokens);
    case "reasoning":
      return mean(({ reasoningTokens }) => reasoningTokens);
    case "cache":
      return ratio(
        mean(({ cachedShare, promptTokens }) => (cachedShare ?? 0) * promptTokens),
        mean(({ promptTokens }) => promptTokens),
      );
    case "mix":
      return null;
    case "unlisted":
      return model.unlisted[arm].share;
    default:
      return unreachable(factor);
  }
};

const unknownOf = (counts: Arms<CostCalls>): CostUnknown | null => {
  if (counts.baseline.calls === 0) return "no-baseline-calls";
  if (counts.canary.calls === 0) return "no-canary-calls";
  if (counts.baseline.priced === 0) return "no-baseline-costs";
  return counts.canary.priced === 0 ? "no-canary-costs" : null;
};

const partsOf = (model: CostModel, baselineUsd: number): readonly CostPart[] => {
  const usd = shapleyValues(FACTORS.length, (set) =>
    meanCost(model, (factor) => ((set >> FACTORS.indexOf(factor)) % 2 === 1 ? "canary" : "baseline")),
  );
  const parts = FACTORS.map((factor, i): CostPart => {
    const part = usd[i] ?? 0;
    const figures = bothArms((arm) => figureOf(model, factor, arm));
    return { factor, usd: part, relative: baselineUsd > 0 ? part / baselineUsd : null, figures, unit: UNITS[factor] };
  });
  return parts.toSorted((a, b) => Math.abs(b.usd) - Math.abs(a.usd));
};

/**
 * Why a call of the canary costs more or less than one of the baseline: the difference of the means of the calls whose
 * cost is known, taken apart by the Shapley value (docs/statistics.md, "Why a call costs more"), so that the parts sum to it and depend on no
 * order. It explains what was measured; whether that is more than chance, the rules about cost say.
 */
export const costDifference = (cells: readonly CostCell[], pricesOf: CellPricesOf): CostDifference => {
  const byArm = bothArms((arm) => cells.filter((cell) => cell.arm === arm));
  const counts = bothArms((arm) => countsOf(byArm[arm]));
  const why = unknownOf(counts);
  if (why !== null) return { outcome: "unknown", counts, why, models: [] };
  const costUsd = bothArms((arm) => sumOf(byArm[arm], (cell) => cell.costUsd) / counts[arm].priced);
  const model = modelOf(byArm, pricesOf);
  if (model.unlisted.baseline.share === 1 || model.unlisted.canary.share === 1) {
    const models = cells
      .filter((cell) => cell.priced > 0 && listedCell(cell, pricesOf) === null)
      .map(({ model, askedModel }) => model || askedModel);
    return { outcome: "unknown", counts, why: "no-list-price", models: [...new Set(models)].sort() };
  }
  const differenceUsd = costUsd.canary - costUsd.baseline;
  return {
    outcome: "explained",
    counts,
    costUsd,
    differenceUsd,
    relative: costUsd.baseline > 0 ? differenceUsd / costUsd.baseline : null,
    parts: partsOf(model, costUsd.baseline),
  };
};
