import type { Arm } from "../../core/cohort.ts";
import { countText } from "../../core/count-text.ts";

/** Entries of a file with which the same happened. */
export interface ReadProblem {
  /** In words, without content. */
  readonly reason: string;
  readonly count: number;
  /** The first of them: `old.jsonl:12`. */
  readonly first: string;
}

/** What was read, and what was not. */
export interface ReadReport {
  /** Entries that were there: lines that are not blank, or entries of a list. */
  readonly entries: number;
  /** Left out altogether. */
  readonly left_out: readonly ReadProblem[];
  /** Kept, with a value that is unknown now, or that contradicts what was said of its file. */
  readonly remarks: readonly ReadProblem[];
  /** Entries left out because they are the same as another one in everything. */
  readonly repeated: number;
  /** Share (0 to 1) of the entries of the worse file that were left out for what is wrong with them. */
  readonly lost_share: number;
}

/** Gathers what went wrong, by reason. */
export interface ReadLog {
  readonly add: (reason: string, place: string) => void;
  readonly list: () => readonly ReadProblem[];
}

/** Reasons told by name; a file of endless different ones is told as one more. */
const MAX_REASONS = 20;

/** An empty log. */
export const createReadLog = (): ReadLog => {
  const problems = new Map<string, { count: number; first: string }>();
  return {
    add: (reason, place) => {
      const key = problems.has(reason) || problems.size < MAX_REASONS ? reason : "other reasons";
      const known = problems.get(key);
      if (known === undefined) problems.set(key, { count: 1, first: place });
      else known.count += 1;
    },
    list: () => [...problems].map(([reason, { count, first }]) => ({ reason, count, first })),
  };
};

/** Reports of two files as one. */
export const bothReports = (one: ReadReport, other: ReadReport): ReadReport => ({
  entries: one.entries + other.entries,
  left_out: [...one.left_out, ...other.left_out],
  remarks: [...one.remarks, ...other.remarks],
  repeated: one.repeated + other.repeated,
  lost_share: Math.max(one.lost_share, other.lost_share),
});

/** `cohort: canary, given as --baseline`. */
export const contradictionText = (said: Arm, given: Arm): string => `cohort: says ${said}, given as --${given}`;

const problemText = ({ reason, count, first }: ReadProblem): string =>
  `${countText(count)} × ${reason} (first ${first})`;

/** The report in words, a line each; empty where everything was read as it is. */
export const reportLines = ({ entries, left_out, remarks, repeated }: ReadReport): readonly string[] => {
  const lost = left_out.reduce((sum, { count }) => sum + count, 0);
  return [
    ...(lost === 0
      ? []
      : [`${countText(lost)} of ${countText(entries)} entries were left out: ${left_out.map(problemText).join(", ")}`]),
    ...(repeated === 0
      ? []
      : [`${countText(repeated)} entries repeat another one in everything and were counted once`]),
    ...remarks.map((problem) => `kept, though ${problemText(problem)}`),
  ];
};
