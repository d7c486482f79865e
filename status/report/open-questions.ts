import { daysUntil } from "../../core/days-until.ts";
import { otherwise } from "../../core/exhaustive.ts";
import type { Migration } from "../../core/migration.ts";
import { reasonText } from "../../core/undecided-reasons.ts";
import { undecidedText } from "../../core/undecided-text.ts";
import type { Judgement, Verdict } from "../../core/verdict.ts";
import { stageHold } from "../../lifecycle/stage-hold.ts";
import type { MigrationState } from "../../lifecycle/state.ts";
import type { NoticeRecord, RetirementRecord, RuleRecord } from "./report.ts";

const ruleQuestion = ({ last, unit }: RuleRecord): readonly string[] => {
  const verdict: Verdict = last;
  switch (verdict.outcome) {
    case "clear":
      return [];
    case "breach":
      return [`${verdict.rule}: its limit is broken, by the newest verdict on record`];
    case "undecided":
      return [`${verdict.rule} is undecided: ${undecidedText(verdict, unit)}`];
    default:
      return otherwise(verdict, ["a verdict that a newer version of Leeway knows"]);
  }
};

const rollbackQuestions = ({ rollback, unrestored }: MigrationState): readonly string[] => [
  ...(rollback === null || rollback.drain === "proven"
    ? []
    : ["the rollback is not proven by the spans: canary calls may go on"]),
  ...(rollback !== null && !rollback.isConfirmed
    ? ["the flag system itself has not confirmed, read back, that it serves no canary"]
    : []),
  ...unrestored.map(({ flag, target }) => `the fallback ${flag} (${target}) is still off because of a rollback`),
];

/** All calls are on a model that is to end. */
const endQuestion = (
  { rollback }: MigrationState,
  retirements: readonly RetirementRecord[],
  now: number,
): readonly string[] => {
  const end = retirements.findLast(({ arms }) => arms.includes("baseline"));
  if (rollback === null || end === undefined) return [];
  const days = daysUntil(end.retires, now);
  const when = days > 0 ? `is retired on ${end.retires}, in ${days} days` : `is retired since ${end.retires}`;
  return [`all calls are on ${end.model}, which ${when}`];
};

const MOST = 20;

const untold = (notices: readonly NoticeRecord[]): readonly string[] => {
  const lost = notices.filter(({ channels }) => channels.length > 0 && !channels.some(({ isTold }) => isTold));
  if (lost.length === 0) return [];
  return [
    `${lost.length} ${lost.length === 1 ? "notice has" : "notices have"} reached nobody: ${lost
      .slice(0, MOST)
      .map(({ title }) => title)
      .join("; ")}`,
  ];
};

/** What is still to be answered or done, a line each. `now` is epoch ms. */
export const openQuestions = (
  { migration, state, now }: { readonly migration: Migration; readonly state: MigrationState; readonly now: number },
  {
    rules,
    notices,
    newest,
    retirements = [],
  }: {
    readonly rules: readonly RuleRecord[];
    readonly notices: readonly NoticeRecord[];
    readonly newest: Judgement | null;
    /** What people were told of the models' ends. Default: nothing. */
    readonly retirements?: readonly RetirementRecord[];
  },
): readonly string[] => {
  if (state.hash === null) return ["it has not started: nothing is measured yet"];
  const hold =
    newest === null || state.rollback !== null || migration.rules.length === 0
      ? null
      : stageHold(migration, state, newest, now);
  return [
    ...rollbackQuestions(state),
    ...endQuestion(state, retirements, now),
    ...(state.isPaused ? ["it is paused, and waits for a person to resume, advance or roll back"] : []),
    ...(hold === null ? [] : [`the stage is held: ${hold.reason}`]),
    ...(newest?.doubts ?? []).map(({ reason, detail }) => `in doubt: ${reasonText(reason).meaning}: ${detail}`),
    ...rules.flatMap(ruleQuestion),
    ...(newest?.notes ?? []).map((note) => `not known: ${note}`),
    ...untold(notices),
  ];
};
