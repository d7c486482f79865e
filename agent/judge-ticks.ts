import { messageOf } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { Migration } from "../core/migration.ts";
import { reasonText } from "../core/undecided-reasons.ts";
import { utcStamp } from "../core/utc-text.ts";
import type { Decision, Judgement, Verdict } from "../core/verdict.ts";
import { decide } from "../lifecycle/decide.ts";
import type { PreflightCheck } from "../lifecycle/preflight.ts";
import { judgedFrom } from "../lifecycle/state.ts";
import type { MigrationHistory } from "./migration-history.ts";
import type { TickDetector } from "./tick-detector.ts";

/** What is worth an entry when it changes: the outcome, and a reason that waiting does not settle. */
const standingOf = (verdict: Verdict): string =>
  verdict.outcome === "undecided" && verdict.why !== "no-data" && !reasonText(verdict.why).passes
    ? `undecided: ${verdict.why}`
    : verdict.outcome;

/** Records every rule that stands otherwise than was recorded last. */
const recordVerdicts = async (history: MigrationHistory, judgement: Judgement): Promise<void> => {
  const last = new Map<string, string>();
  for (const { event, at } of history.entries()) {
    if (event.type === "verdict" && at >= judgedFrom(history.state()))
      last.set(event.verdict.rule, standingOf(event.verdict));
  }
  for (const verdict of judgement.verdicts) {
    if (standingOf(verdict) === (last.get(verdict.rule) ?? "undecided")) continue;
    const id = `verdict:${verdict.rule}:${judgement.at}`;
    await history.record({ type: "verdict", verdict, tick: judgement.at }, { id });
  }
};

/** What judging works with. */
export interface JudgeParts {
  readonly history: MigrationHistory;
  readonly detector: TickDetector;
  readonly now: () => number;
  readonly log: Log;
  /** False where nothing may go up. Default: true. */
  readonly mayAdvance?: boolean;
  /** What the last pre-flight found; null = nobody looked at this stage yet. */
  readonly preflight: () => readonly PreflightCheck[] | null;
}

/**
 * Judges the ticks that closed by now, records what changed and what is decided on it. A judgement of the past, while
 * there is much to catch up with, is good for a rollback only: harm is acted on at once, everything else waits for the
 * present. What went wrong, or ""; never rejects.
 */
export const judgeTicks = async (
  migration: Migration,
  { history, detector, now, log, mayAdvance = true, preflight }: JudgeParts,
): Promise<string> => {
  try {
    const judgement = await detector.catchUp(history.state(), now());
    if (judgement === null) return "";
    const decided = (): Decision => decide(migration, history.state(), judgement, now(), preflight());
    const behind = detector.isBehind() ? `catching up: judged until ${utcStamp(judgement.at)}` : "";
    if (behind !== "" && decided().kind !== "rollback") return behind;
    await recordVerdicts(history, judgement);
    const decision = decided();
    if (decision.kind === "advance" && !mayAdvance) return behind;
    if (decision.kind === "page") log.warn(`${migration.name}: ${decision.reason}`);
    await history.decide(decision, judgement);
    return behind;
  } catch (error) {
    return `not judged: ${messageOf(error)}`;
  }
};
