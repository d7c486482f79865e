import { isEvaluationSignal } from "../../core/evaluation-signal.ts";
import { measuresWhere } from "../../core/measures.ts";
import type { Migration, Rule } from "../../core/migration.ts";
import { UNDECIDED_REASONS } from "../../core/undecided-reasons.ts";
import type { Judgement } from "../../core/verdict.ts";
import type { MigrationState } from "../../lifecycle/state.ts";
import type { Freshness } from "../../store/store.ts";

const HOUR_MS = 3_600_000;

/** Scores, thumbs and tickets follow their call by hours. */
const OUTCOME_MS = 24 * HOUR_MS;

/** Calls of each arm in the last hour from which on a rule should have seen some. */
const MIN_CALLS = 100;

const OUTCOMES: ReadonlySet<string> = new Set(measuresWhere(({ from }) => from === "outcome"));

const patienceMs = ({ signal }: Rule): number =>
  isEvaluationSignal(signal) || OUTCOMES.has(signal) ? OUTCOME_MS : HOUR_MS;

/**
 * Which rules have judged nothing since their stage began, although calls come: empty for none, null where that cannot be told,
 * because the stage is young or calls are few. `now` is epoch ms. Pure.
 */
export const unseenRules = (
  { rules }: Migration,
  { stageSince }: Pick<MigrationState, "stageSince">,
  judgement: Judgement | null,
  { calls }: Pick<Freshness, "calls">,
  now: number,
): string | null => {
  if (judgement === null) return null;
  const blank = judgement.verdicts.filter((verdict) => verdict.outcome === "undecided" && verdict.why === "no-data");
  if (blank.length === 0) return "";
  const names = blank.map(({ rule }) => rule);
  const overdue = rules.filter((rule) => names.includes(rule.id) && now - stageSince >= patienceMs(rule));
  if (overdue.length === 0 || Math.min(calls.canary, calls.baseline) < MIN_CALLS) return null;
  const { meaning, advice } = UNDECIDED_REASONS["no-data"];
  return `${overdue.map(({ id }) => id).join(", ")}: ${meaning}, though calls come in; ${advice}`;
};
