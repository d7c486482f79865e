import { messageOf } from "../core/errors.ts";
import type { Migration } from "../core/migration.ts";
import type { Judgement, Verdict } from "../core/verdict.ts";
import { decide } from "../detectors/decide.ts";
import type { MigrationHistory } from "./migration-history.ts";
import type { TickJudge } from "./tick-judge.ts";

/** Records every rule whose outcome differs from the one recorded last. */
const recordVerdicts = async (history: MigrationHistory, judgement: Judgement): Promise<void> => {
  const last = new Map<string, Verdict["outcome"]>();
  for (const { event, at } of history.entries()) {
    if (event.type === "verdict" && at >= history.state().since) last.set(event.verdict.rule, event.verdict.outcome);
  }
  for (const verdict of judgement.verdicts) {
    if (verdict.outcome === (last.get(verdict.rule) ?? "undecided")) continue;
    const id = `verdict:${verdict.rule}:${judgement.at}`;
    await history.record({ type: "verdict", verdict, tick: judgement.at }, { id });
  }
};

/**
 * Judges the ticks that closed by now, records what changed and what is decided on it. What went wrong, or "";
 * never rejects.
 */
export const judgeTicks = async (
  migration: Migration,
  { history, judge, now }: { history: MigrationHistory; judge: TickJudge; now: () => number },
): Promise<string> => {
  try {
    const judgement = await judge.catchUp(history.state(), now());
    if (judgement === null) return "";
    await recordVerdicts(history, judgement);
    await history.decide(decide(migration, history.state(), judgement, now()), judgement);
    return "";
  } catch (error) {
    return `not judged: ${messageOf(error)}`;
  }
};
