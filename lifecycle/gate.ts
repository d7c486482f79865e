import type { Arm } from "../core/cohort.ts";
import { unreachable } from "../core/exhaustive.ts";
import type { Migration, Stage } from "../core/migration.ts";
import { UNDECIDED_REASONS } from "../core/undecided-reasons.ts";
import { undecidedNumbers } from "../core/undecided-text.ts";
import type { Judgement, ShadowEvidence, UndecidedReason, Verdict } from "../core/verdict.ts";
import type { MigrationState } from "./state.ts";

/** What keeps a stage from ending. */
export type StageBlock =
  | UndecidedReason
  | "breach"
  | "no-baseline-calls"
  | "min-calls"
  | "preflight"
  | "shadow-unmeasured"
  | "shadow-undecided"
  | "shadow-not-clear";

/** One thing that keeps a stage from ending. */
export interface Held {
  readonly block: StageBlock;
  /** The rule, and what it takes in numbers where it is undecided; "" for what concerns no rule. */
  readonly rule: string;
}

/** Blocks that no rule has: what they mean, and whether waiting is all that is needed. */
const OWN_BLOCKS: Readonly<
  Record<Exclude<StageBlock, UndecidedReason>, { readonly meaning: string; readonly passes: boolean }>
> = {
  breach: { meaning: "the limit is broken", passes: false },
  preflight: { meaning: "what has to be in order before more traffic is not", passes: false },
  "no-baseline-calls": { meaning: "no baseline call has come in since it began", passes: false },
  "min-calls": { meaning: "fewer calls than the stage asks for", passes: true },
  "shadow-unmeasured": {
    meaning:
      "nothing measures the shadow's answers, and a shadow stage passes by no time alone; a person may go on with leeway advance",
    passes: false,
  },
  "shadow-undecided": { meaning: "the shadow's answers do not let it pass yet", passes: true },
  "shadow-not-clear": { meaning: "the shadow's answers do not let it pass", passes: false },
};

const isOwn = (block: StageBlock): block is keyof typeof OWN_BLOCKS => Object.hasOwn(OWN_BLOCKS, block);

/** What a block means, in words for people. */
export const blockMeaning = (block: StageBlock): string =>
  isOwn(block) ? OWN_BLOCKS[block].meaning : UNDECIDED_REASONS[block].meaning;

/** True where more calls are all that is missing. */
export const needsOnlyCalls = (block: StageBlock): boolean =>
  isOwn(block) ? OWN_BLOCKS[block].passes : UNDECIDED_REASONS[block].passes;

/** The rule, and what it takes in numbers where it is undecided. */
const ruleText = (verdict: Verdict): string => {
  const numbers = verdict.outcome === "undecided" ? undecidedNumbers(verdict, verdict.evidence.unit ?? "") : "";
  return numbers === "" ? verdict.rule : `${verdict.rule}: ${numbers}`;
};

/** A rule that is not clear keeps a stage in which the candidate answers. */
const notClear = (verdict: Verdict): readonly Held[] => {
  switch (verdict.outcome) {
    case "clear":
      return [];
    case "breach":
      return [{ block: "breach", rule: ruleText(verdict) }];
    case "undecided":
      return [{ block: verdict.why, rule: ruleText(verdict) }];
    default:
      return unreachable(verdict);
  }
};

/** A rule that is held against the baseline has to know it before a user meets the candidate. */
const notLearned = (verdict: Verdict, { rules }: Migration): readonly Held[] => {
  if (rules.find(({ id }) => id === verdict.rule)?.reference !== "baseline") return [];
  if (verdict.outcome === "undecided" && verdict.why === "baseline-warming-up") return notClear(verdict);
  return verdict.evidence.n.baseline > 0 ? [] : [{ block: "no-data", rule: verdict.rule }];
};

const ofBaseline = (migration: Migration, { verdicts, calls }: Judgement): readonly Held[] =>
  calls?.baseline === 0
    ? [{ block: "no-baseline-calls", rule: "" }]
    : verdicts.flatMap((verdict) =>
        verdict.outcome === "breach" ? notClear(verdict) : notLearned(verdict, migration),
      );

/** What nobody measured is no evidence: a shadow stage never passes by time alone. */
const ofShadow = (shadow: ShadowEvidence | undefined): readonly Held[] => {
  if (shadow === undefined) return [{ block: "shadow-unmeasured", rule: "" }];
  switch (shadow.outcome) {
    case "clear":
      return [];
    case "undecided":
      return [{ block: "shadow-undecided", rule: shadow.reason }];
    case "breach":
      return [{ block: "shadow-not-clear", rule: shadow.reason }];
    default:
      return unreachable(shadow.outcome);
  }
};

/** Calls that were not counted are no calls: an earlier version's judgement waits for the next. */
const tooFewCalls = ({ minCalls }: Stage, arm: Arm, { calls }: Judgement): readonly Held[] => {
  const seen = calls?.[arm] ?? 0;
  if (minCalls === undefined || seen >= minCalls) return [];
  return [{ block: "min-calls", rule: `${seen} of ${minCalls} ${arm} calls` }];
};

/** Only the rules of the gate let a stage end, or hold it. */
const inGate = ({ gate }: Stage, judgement: Judgement): Judgement =>
  gate === undefined
    ? judgement
    : { ...judgement, verdicts: judgement.verdicts.filter(({ rule }) => gate.includes(rule)) };

/** A rule of the gate that was not judged at all is not clear. */
const unjudged = ({ gate = [] }: Stage, { verdicts }: Judgement): readonly Held[] =>
  gate.filter((id) => !verdicts.some(({ rule }) => rule === id)).map((rule): Held => ({ block: "no-data", rule }));

const heldIn = (stage: Stage, migration: Migration, judgement: Judgement): readonly Held[] => {
  const gated = inGate(stage, judgement);
  switch (stage.kind) {
    case "canary":
    case "observe":
      return [
        ...gated.verdicts.flatMap(notClear),
        ...unjudged(stage, gated),
        ...tooFewCalls(stage, "canary", judgement),
      ];
    case "baseline":
      return [...ofBaseline(migration, gated), ...unjudged(stage, gated), ...tooFewCalls(stage, "baseline", judgement)];
    case "shadow":
      return ofShadow(judgement.shadow);
    default:
      return unreachable(stage);
  }
};

/** Rules that guard a stage and do not hold it, by id. */
export const notWaitedFor = ({ rules }: Pick<Migration, "rules">, { gate }: Stage): readonly string[] =>
  gate === undefined ? [] : rules.map(({ id }) => id).filter((id) => !gate.includes(id));

/** All that keeps the stage at hand from ending, its time aside; empty for nothing, and where there is no stage. Pure. */
export const gateHolds = (
  migration: Migration,
  { stage }: Pick<MigrationState, "stage">,
  judgement: Judgement,
): readonly Held[] => {
  const current = migration.stages[stage];
  return current === undefined ? [] : heldIn(current, migration, judgement);
};
