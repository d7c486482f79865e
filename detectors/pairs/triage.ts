import { membersOf } from "../../core/exhaustive.ts";
import type { JudgeWord, PreferenceWord, RuleWord } from "../../core/pair-measures.ts";
import type { PairEvidence } from "./pair-evidence.ts";

/** What a difference is, by the rules below. */
export type PairClass = "improvement" | "neutral" | "regression" | "novel" | "undecided";

/** Every class, from the best to what nobody knows. */
export const PAIR_CLASSES: readonly PairClass[] = membersOf<PairClass>({
  ...{ improvement: true, neutral: true, regression: true, novel: true, undecided: true },
});

/** The evidence of one pair beside what is known of the others. */
export interface TriageCase extends PairEvidence {
  /** A person's word on this pair, or on the cluster it is in; null without. */
  readonly override: PairClass | null;
  /** It has a value that the baseline never had, given enough of its answers. */
  readonly isNovel: boolean;
  /** It differs by more than the baseline from itself; null while too few reruns say how much that is. */
  readonly isBeyondFloor: boolean | null;
  /** The judge is known to treat equal answers alike. */
  readonly judgeIsFit: boolean;
}

/** Which rule decided. */
export type TriageRule =
  | "override"
  | "person"
  | "equal"
  | "fact-against"
  | "fact-for"
  | "app-rule"
  | "novel"
  | "within-floor"
  | "judge"
  | "nothing";

const OF_RULE: Readonly<Record<RuleWord, PairClass>> = { better: "improvement", worse: "regression", same: "neutral" };
const OF_PREFERENCE: Readonly<Record<PreferenceWord, PairClass>> = {
  ...{ "prefers-candidate": "improvement", "prefers-baseline": "regression", tie: "neutral" },
};
const OF_JUDGE: Readonly<Record<JudgeWord, PairClass | null>> = { ...OF_PREFERENCE, inconsistent: null };

interface Step {
  readonly about: string;
  /** The class, or null: the next rule is asked. */
  readonly decide: (pair: TriageCase) => PairClass | null;
}

/** The rules, in the order in which they are asked; the first that has an answer decides. */
export const TRIAGE: Readonly<Record<TriageRule, Step>> = {
  override: { about: "a person's word on the pair or its cluster", decide: ({ override }) => override },
  person: {
    about: "a person who read both without knowing which is which",
    decide: ({ person }) => (person === null ? null : OF_PREFERENCE[person]),
  },
  equal: {
    about: "the same answer, or the same in another spelling",
    decide: (pair) => (pair.isEqual ? "neutral" : null),
  },
  "fact-against": {
    about: "a fact against it, whatever speaks for it",
    decide: (pair) => (pair.hasAgainst ? "regression" : null),
  },
  "fact-for": { about: "a fact for it", decide: (pair) => (pair.hasFor ? "improvement" : null) },
  "app-rule": { about: "the app's own outcome rule", decide: ({ rule }) => (rule === null ? null : OF_RULE[rule]) },
  novel: { about: "a value the baseline never had", decide: (pair) => (pair.isNovel ? "novel" : null) },
  "within-floor": {
    about: "no larger a difference than the baseline's own reruns have",
    decide: (pair) => (pair.isBeyondFloor === false ? "neutral" : null),
  },
  judge: {
    about: "a judge that says the same in both orders",
    decide: ({ judge, judgeIsFit }) => (judge === null || !judgeIsFit ? null : OF_JUDGE[judge]),
  },
  nothing: { about: "nothing decides", decide: () => "undecided" },
};

const STEPS = membersOf<TriageRule>(TRIAGE);

/** What a pair is, and the rule that says so. */
export interface Triaged {
  readonly class: PairClass;
  readonly rule: TriageRule;
}

/** Sorts one pair into its class. Unknown is undecided, never neutral. */
export const triage = (pair: TriageCase): Triaged => {
  for (const rule of STEPS) {
    const found = TRIAGE[rule].decide(pair);
    if (found !== null) return { class: found, rule };
  }
  return { class: "undecided", rule: "nothing" };
};
