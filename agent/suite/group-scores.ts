import { type ClassScore, type Labelled, labelScores, mostOften } from "../../detectors/suite/label-scores.ts";
import { type Share, shareOf } from "../../detectors/suite/share-of.ts";
import type { SuiteAnswer } from "./answer.ts";
import type { Side } from "./asked-case.ts";
import { labelOf } from "./checks/label-of.ts";
import { rightFields } from "./judge-answer.ts";
import type { Check, SuiteCase } from "./suite.ts";

/** Scores of a labelled task, by model. Of several runs of an example, what most of them say counts. */
export interface GroupScores {
  readonly group: string;
  readonly labels: Readonly<Record<Side, readonly ClassScore[]>> | null;
  readonly fields: Readonly<Record<Side, readonly { readonly field: string; readonly accuracy: Share }[]>> | null;
}

/** Gathers answers of labelled tasks, example by example. */
export interface GroupLog {
  readonly add: (suiteCase: SuiteCase, side: Side, answers: readonly SuiteAnswer[]) => void;
  readonly scores: () => readonly GroupScores[];
}

interface Gathered {
  readonly labels: readonly string[];
  readonly said: Record<Side, Labelled[]>;
  readonly fields: Record<Side, Map<string, { right: number; of: number }>>;
}

const empty = (): Gathered["fields"] => ({ baseline: new Map(), candidate: new Map() });

const addFields = (
  counts: Gathered["fields"][Side],
  check: Extract<Check, { readonly is: "fields" }>,
  answers: readonly SuiteAnswer[],
): void => {
  const right = answers.map((answer) => rightFields(answer, check));
  for (const field of Object.keys(check.fields)) {
    const { right: before, of } = counts.get(field) ?? { right: 0, of: 0 };
    const isRight = mostOften(right.map((fields) => fields.has(field))) === true;
    counts.set(field, { right: before + (isRight ? 1 : 0), of: of + 1 });
  }
};

const accuracies = (
  counts: Gathered["fields"][Side],
): readonly { readonly field: string; readonly accuracy: Share }[] =>
  [...counts].map(([field, { right, of }]) => ({ field, accuracy: shareOf(right, of) }));

const scoresOf = (group: string, { labels, said, fields }: Gathered): GroupScores => ({
  group,
  labels:
    labels.length === 0
      ? null
      : { baseline: labelScores(labels, said.baseline), candidate: labelScores(labels, said.candidate) },
  fields:
    fields.baseline.size + fields.candidate.size === 0
      ? null
      : { baseline: accuracies(fields.baseline), candidate: accuracies(fields.candidate) },
});

/** An empty one. */
export const createGroupLog = (): GroupLog => {
  const groups = new Map<string, Gathered>();
  return {
    add: ({ group, checks }, side, answers) => {
      if (group === "" || answers.length === 0) return;
      for (const check of checks) {
        if (check.is === "written") continue;
        const labels = check.is === "label" ? check.labels : [];
        const known = groups.get(group) ?? { labels, said: { baseline: [], candidate: [] }, fields: empty() };
        groups.set(group, known);
        if (check.is === "fields") addFields(known.fields[side], check, answers);
        else {
          const said = mostOften(answers.map((answer) => labelOf(answer, check.labels, check.path)));
          known.said[side].push({ right: check.label, said });
        }
      }
    },
    scores: () => [...groups].map(([group, gathered]) => scoresOf(group, gathered)),
  };
};
