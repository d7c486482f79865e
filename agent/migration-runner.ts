import type { FlagTarget } from "../alerts/flags/flag-target.ts";
import type { LedgerWriter } from "../alerts/ledger-writer.ts";
import type { Notifier } from "../alerts/notifier.ts";
import { reconcile } from "../alerts/reconcile.ts";
import { messageOf } from "../core/errors.ts";
import type { FlagState } from "../core/flag.ts";
import type { Log } from "../core/log.ts";
import type { Migration } from "../core/migration.ts";
import type { Decision, Judgement, Verdict } from "../core/verdict.ts";
import { decide } from "../detectors/decide.ts";
import { desiredShare, type MigrationState } from "../detectors/history.ts";
import type { Store } from "../store/store.ts";
import { type CommandRequest, type CommandResult, refuseCommand } from "./command.ts";
import { createDrainWatch, type DrainWatch } from "./drain-watch.ts";
import { createMigrationHistory, type MigrationHistory } from "./migration-history.ts";
import { noticesDue } from "./notices-due.ts";
import { createTickJudge, type TickJudge } from "./tick-judge.ts";

/** What a runner is told. Durations are ms. */
export interface RunnerSettings {
  readonly tickMs: number;
  readonly settleMs: number;
  readonly drainDeadlineMs: number;
  /** Where people look, for the notices. */
  readonly link: string;
}

/** What a runner works with. */
export interface RunnerParts {
  readonly store: Pick<Store, "foldTick" | "readTicks" | "exposure" | "canaryDuration" | "readLedger">;
  readonly target: FlagTarget;
  readonly notifier: Notifier;
  readonly ledger: LedgerWriter;
  readonly now: () => number;
  readonly log: Log;
}

/** One migration under way. */
export interface MigrationRunner {
  readonly migration: Migration;
  readonly history: MigrationHistory;
  readonly judge: TickJudge;
  readonly drain: DrainWatch;
  /** What went wrong in the last round; empty when nothing did. */
  readonly problem: () => string;
  /** Judges what closed, decides, brings the flag in line, watches the drain. Never rejects. */
  readonly round: () => Promise<void>;
  /** Carries a person's command out; rounds and commands do not overlap. */
  readonly command: (request: CommandRequest) => Promise<CommandResult>;
}

interface Working extends RunnerParts {
  readonly migration: Migration;
  readonly history: MigrationHistory;
  readonly judge: TickJudge;
}

const start = async ({ migration, history }: Working): Promise<void> => {
  if (history.state().hash !== null) return;
  const share = migration.stages[0]?.share ?? 0;
  await history.record({ type: "started", hash: migration.hash, stage: 0, share }, { id: "started" });
};

/** Records every rule whose outcome differs from the one recorded last. */
const recordVerdicts = async ({ history }: Working, judgement: Judgement): Promise<void> => {
  const last = new Map<string, Verdict["outcome"]>();
  for (const { event, at } of history.entries()) {
    if (event.type === "verdict" && at >= history.state().since) last.set(event.verdict.rule, event.verdict.outcome);
  }
  for (const verdict of judgement.verdicts) {
    if (verdict.outcome === (last.get(verdict.rule) ?? "undecided")) continue;
    await history.record(
      { type: "verdict", verdict, tick: judgement.at },
      { id: `verdict:${verdict.rule}:${judgement.at}` },
    );
  }
};

/** The same decision has the same id on every try and every replica. */
const decisionId = (state: MigrationState, decision: Exclude<Decision, { kind: "continue" }>): string => {
  const subject = { rollback: "", pause: "rule", advance: "toStage", page: "reason" } as const;
  const key = subject[decision.kind];
  const detail = key === "" ? "" : `:${String((decision as unknown as Readonly<Record<string, unknown>>)[key])}`;
  return `decision:${state.since}:${decision.kind}${detail}`;
};

const decideOn = async (working: Working, judgement: Judgement): Promise<void> => {
  const { migration, history, now } = working;
  const state = history.state();
  const decision = decide(migration, state, judgement, now());
  if (decision.kind === "continue") return;
  await history.record({ type: "decision", decision, judgement }, { id: decisionId(state, decision) });
};

const judgeTicks = async (working: Working): Promise<string> => {
  try {
    const judgement = await working.judge.catchUp(working.history.state(), working.now());
    if (judgement === null) return "";
    await recordVerdicts(working, judgement);
    await decideOn(working, judgement);
    return "";
  } catch (error) {
    return `not judged: ${messageOf(error)}`;
  }
};

/** The share this agent confirmed last; null before the first confirmed flip. */
const lastSet = (history: MigrationHistory): number | null => {
  const entry = history.entries().findLast(({ event }) => event.type === "flip-readback" && event.confirmed);
  return entry?.event.type === "flip-readback" ? entry.event.state.share : null;
};

const adoptLedger = async ({ history, store, migration }: Working): Promise<void> => {
  try {
    history.adopt(await store.readLedger(migration.name));
  } catch {
    // the next round reads it again
  }
};

const actId = (state: MigrationState, share: number): string =>
  `flip:${state.since}:${state.rollback === null ? `stage-${state.stage}` : "rollback"}:${share}`;

/** A flag that was found off needs no write, but the rollback needs the reading on record. */
const confirmOff = async ({ history }: Working, found: FlagState, share: number): Promise<void> => {
  const state = history.state();
  if (state.rollback === null || state.rollback.isConfirmed) return;
  const action = actId(state, share);
  await history.record(
    { type: "flip-readback", action, state: found, confirmed: found.share <= share },
    { id: `found-off:${action}` },
  );
};

/** Somebody set the flag to something else, and nothing is wrong with the candidate: theirs stands, people are told. */
const overridden = async ({ migration, history }: Working, found: number, wanted: number): Promise<string> => {
  const { flag, target } = migration.route;
  const reason = `flag ${flag} (${target}) serves ${found * 100}% instead of ${wanted * 100}%: somebody else set it, and it is left so`;
  const state = history.state();
  if (!state.pagedFor.includes(reason)) {
    const decision = { kind: "page", reason } as const;
    await history.record({ type: "decision", decision, judgement: null }, { id: decisionId(state, decision) });
  }
  return reason;
};

/** Brings the flag to the share the ledger calls for; says what is wrong when it cannot. */
const act = async (working: Working): Promise<string> => {
  const { migration, history, target, ledger, now } = working;
  const state = history.state();
  const share = desiredShare(migration, state);
  const result = await reconcile(
    {
      migration: migration.name,
      incident: history.incident(),
      action: `${migration.name}:${actId(state, share)}`,
      by: "agent",
      flag: migration.route.flag,
      share,
      latched: state.rollback !== null,
      lastSet: lastSet(history),
    },
    { target, ledger, now },
  );
  switch (result.outcome) {
    case "in-place":
    case "held":
      await confirmOff(working, result.state, share);
      return "";
    case "flipped":
      await adoptLedger(working);
      if (result.result.outcome === "confirmed") return "";
      return `flag ${migration.route.flag}: ${result.result.outcome === "failed" ? result.result.detail : result.result.why}`;
    case "overridden":
      return overridden(working, result.state.share, share);
    case "unreadable":
      return `flag ${migration.route.flag} cannot be read: ${result.failure.detail}`;
  }
};

/** Hands over every notice the ledger calls for; the notifier knows which ones are new. */
const tell = async ({ migration, history, notifier }: Working, link: string): Promise<void> => {
  const incident = history.incident();
  for (const notice of noticesDue(migration, history.state(), history.entries(), { incident, link })) {
    await notifier.notify(notice, { by: "agent", incident: notice.incident });
  }
};

const carryOut = async (working: Working, request: CommandRequest, link: string): Promise<CommandResult> => {
  const { migration, history, now } = working;
  await history.refresh();
  const problem = refuseCommand(migration, history.state(), request);
  if (problem !== null) return { outcome: "refused", problem: `${migration.name}: ${problem}` };
  const { command, reason, by } = request;
  const at = now();
  await history.record({ type: "command", command, reason }, { id: `command:${command}:${at}`, by, at });
  await act(working);
  await tell(working, link);
  return { outcome: "done" };
};

/** One after the other: a command must not slip between a round's judgement and its act. */
const inTurn = (): (<T>(work: () => Promise<T>) => Promise<T>) => {
  let tail: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = tail.then(work, work);
    tail = turn.catch(() => undefined);
    return turn;
  };
};

/** A runner for `migration`. Nothing happens before its first round. */
export const createMigrationRunner = (
  migration: Migration,
  settings: RunnerSettings,
  parts: RunnerParts,
): MigrationRunner => {
  const history = createMigrationHistory(migration, { ...parts, readLedger: (name) => parts.store.readLedger(name) });
  const judge = createTickJudge(migration, settings, parts.store);
  const drain = createDrainWatch(migration, settings, { ...parts, history });
  const working: Working = { ...parts, migration, history, judge };
  const turn = inTurn();
  let problem = "";

  const round = async (): Promise<void> => {
    // Another agent on the same store may have delivered notices since.
    parts.notifier.restore(await history.refresh());
    await start(working);
    const problems = [await judgeTicks(working), await act(working), await drain.look()];
    await tell(working, settings.link);
    const next = problems.filter((each) => each !== "").join("; ");
    if (next !== problem && next !== "") parts.log.warn(`${migration.name}: ${next}`);
    problem = next;
  };

  return {
    migration,
    history,
    judge,
    drain,
    problem: () => problem,
    round: () => turn(round),
    command: (request) => turn(() => carryOut(working, request, settings.link)),
  };
};
