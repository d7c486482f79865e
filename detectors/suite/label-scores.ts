import { type Share, shareOf } from "./share-of.ts";

/** What is right of an example, and what a model says; null = none of the labels. */
export interface Labelled {
  readonly right: string;
  readonly said: string | null;
}

/** How well a model knows one class. */
export interface ClassScore {
  readonly label: string;
  /** Of what it called so, what is so. */
  readonly precision: Share;
  /** Of what is so, what it called so. */
  readonly recall: Share;
}

/** Precision and recall of every label, in their order. */
export const labelScores = (labels: readonly string[], examples: readonly Labelled[]): readonly ClassScore[] =>
  labels.map((label) => {
    const hits = examples.filter(({ right, said }) => right === label && said === label).length;
    const called = examples.filter(({ said }) => said === label).length;
    const are = examples.filter(({ right }) => right === label).length;
    return { label, precision: shareOf(hits, called), recall: shareOf(hits, are) };
  });

/** What is said most often; of several, what was said first. Null for an empty list. */
export const mostOften = <T>(said: readonly T[]): T | null => {
  const counts = new Map<T, number>();
  for (const each of said) counts.set(each, (counts.get(each) ?? 0) + 1);
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first === undefined ? null : first[0];
};
