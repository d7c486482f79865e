import { messageOf } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { Migration } from "../core/migration.ts";
import { UNDECIDED_REASONS } from "../core/undecided-reasons.ts";
import type { Judgement, Verdict } from "../core/verdict.ts";
import { decide } from "../detectors/decide.ts";
import type { MigrationHistory } from "./migration-history.ts";
import type { TickJudge } from "./tick-judge.ts";

/** What is worth an entry when it changes: the outcome, and a reason that waiting does not settle. */
const standingOf = (verdict: Verdict): string =>
  verdict.outcome === "undecided" && verdict.why !== "no-data" && !UNDECIDED_REASONS[verdict.why].passes
    ? `undecided: ${verdict.why}`
    : verdict.outcome;

/** Records every rule that stands otherwise than was recorded last. */
const recordVerdicts = async (history: MigrationHistory, judgement: Judgement): Promise<void> => {
  const last = new Map<string, string>();
  for (const { event, at } of history.entries()) {
    if (event.type === "verdict" && at >= history.state().since)
      last.set(event.verdict.rule, standingOf(event.verdict));
  }
  for (const verdict of judgement.verdicts) {
    if (standingOf(verdict) === (last.get(verdict.rule) ?? "undecided")) continue;
    const id = `verdict:${verdict.rule}:${judgement.at}`;
    await history.record({ type: "verdict", verdict, tick: judgement.at }, { id });
  }
};

/** What a judgement of the past is good for: harm is acted on at once, everything else waits for the present. */
const decideBehind = async (
  migration: Migration,
  { history, judge, now }: { history: MigrationHistory; judge: TickJudge; now: () => number },
  judgement: Judgement,
): Promise<string> => {
  const decision = decide(migration, history.state(), judgement, now());
  if (decision.kind === "rollback") {
    await recordVerdicts(history, judgement);
    await history.decide(decision, judgement);
  }
  return `catching up: judged until ${new Date(judge.lastTick() ?? judgement.at).toISOString().slice(0, 19)}Z`;
};

/**
 * Judges the ticks that closed by now, records what changed and what is decided on it. What went wrong, or "";
 * never rejects.
 */
export const judgeTicks = async (
  migration: Migration,
  parts: { history: MigrationHistory; judge: TickJudge; now: () => number; log: Log },
): Promise<string> => {
  const { history, judge, now, log } = parts;
  try {
    const judgement = await judge.catchUp(history.state(), now());
    if (judgement === null) return "";
    if (judge.isBehind()) return await decideBehind(migration, parts, judgement);
    await recordVerdicts(history, judgement);
    const decision = decide(migration, history.state(), judgement, now());
    if (decision.kind === "page") log.warn(`${migration.name}: ${decision.reason}`);
    await history.decide(decision, judgement);
    return "";
  } catch (error) {
    return `not judged: ${messageOf(error)}`;
  }
};
