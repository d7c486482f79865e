import { utcSecond } from "../../core/utc-text.ts";
import type { Advice, Case, CaseFacts, Point } from "./case.ts";
import { costPoints } from "./cost-points.ts";
import { baselinePoints, candidatePoints } from "./end-points.ts";
import { improvementPoints } from "./suite-points.ts";

/** Reasons in words are people's to weigh. */
const reasonPoints = ({ migration: { why } }: CaseFacts): readonly Point[] => {
  if (why === undefined) {
    const text = "the document does not say why: write why: { deprecation: …, improvement: …, cost: …, other: … }";
    return [{ about: "reason", speaks: "unknown", text }];
  }
  if (why.other === undefined) return [];
  return [{ about: "reason", speaks: "unknown", text: `a reason only people can weigh: ${why.other}` }];
};

const begunPoints = ({ startedAt }: CaseFacts): readonly Point[] =>
  startedAt === null
    ? []
    : [{ about: "plan", speaks: "note", text: `it runs since ${utcSecond(startedAt)} UTC: this was decided already` }];

const names = (points: readonly Point[], speaks: Point["speaks"]): string => {
  const about = [...new Set(points.filter((point) => point.speaks === speaks).map((point) => point.about))];
  return about.map((each) => ABOUT[each]).join(", ");
};

const ABOUT: Readonly<Record<Point["about"], string>> = {
  baseline: "the end of the baseline",
  candidate: "the end of the candidate",
  suite: "your suite",
  benchmark: "a benchmark",
  cost: "cost",
  reason: "the reason",
  plan: "the plan",
};

const adviceOf = (points: readonly Point[]): { readonly advice: Advice; readonly because: string } => {
  const has = (speaks: Point["speaks"]): boolean => points.some((point) => point.speaks === speaks);
  if (has("forbids"))
    return { advice: "defer", because: `${names(points, "forbids")} stands against it, whatever else is said` };
  if (has("for"))
    return { advice: "migrate", because: `${names(points, "for")} speaks for it, and nothing forbids it` };
  const against = points.filter(({ speaks }) => speaks === "against");
  const isBenchmarkAlone = against.length > 0 && against.every(({ about }) => about === "benchmark");
  const isPeoples = points.some(({ about, speaks }) => about === "reason" && speaks === "unknown");
  if (isPeoples) return { advice: "undecided", because: "nothing that can be weighed here speaks for it" };
  if (isBenchmarkAlone)
    return { advice: "defer", because: "never on benchmarks alone: put your own suite through both models" };
  if (has("against"))
    return { advice: "defer", because: `${names(points, "against")} speaks against it, and nothing for it` };
  const isEqual = points.some(({ about, speaks }) => about === "suite" && speaks === "note");
  return isEqual
    ? { advice: "defer", because: "the models are equivalent, and no reason to move was found" }
    : { advice: "undecided", because: "too little is known" };
};

/**
 * Weighs what is known before a migration begins: the end of a baseline, a suite of one's own and measured cost may speak for it; a
 * candidate that ends or a suite that finds it wanting forbid it; benchmarks count for nothing. Pure.
 */
export const weighCase = (facts: CaseFacts): Case => {
  const points = [
    ...begunPoints(facts),
    ...reasonPoints(facts),
    ...baselinePoints(facts),
    ...candidatePoints(facts),
    ...improvementPoints(facts),
    ...costPoints(facts),
  ];
  return { ...adviceOf(points), points };
};
