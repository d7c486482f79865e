import type { FlagTarget } from "../alerts/flags/flag-target.ts";
import type { FlipSettings } from "../alerts/flip.ts";
import type { LedgerWriter } from "../alerts/ledger-writer.ts";
import type { Notifier } from "../alerts/notifier.ts";
import type { Log } from "../core/log.ts";
import type { Migration } from "../core/migration.ts";
import type { MigrationState } from "../detectors/history.ts";
import { alignFlag } from "./align-flag.ts";
import { createBlindness } from "./blindness.ts";
import { boundStore, type RunnerStore } from "./bounded-store.ts";
import { type CommandRequest, type CommandResult, refuseCommand } from "./command.ts";
import { createDrainWatch, type DrainWatch } from "./drain-watch.ts";
import { createFindingExamples } from "./finding-examples.ts";
import { judgeTicks } from "./judge-ticks.ts";
import { createMigrationHistory, type MigrationHistory } from "./migration-history.ts";
import { noticesDue } from "./notices-due.ts";
import { recordFindings } from "./record-findings.ts";
import { createTickJudge, type TickJudge } from "./tick-judge.ts";

/** What a runner is told. Durations are ms. */
export interface RunnerSettings {
  readonly tickMs: number;
  readonly settleMs: number;
  readonly drainDeadlineMs: number;
  /** By how much the machine's clock was set not long ago, ms; null for not at all. Default: never. */
  readonly clockStep?: () => number | null;
  /** Longest answer of the store that is waited for. Default 10 s. */
  readonly storeTimeoutMs?: number;
  /** How long nothing may be judged before people are told. Default two minutes. */
  readonly blindAfterMs?: number;
  /** How long a flip may take; see FlipSettings for the defaults. */
  readonly flip?: Partial<FlipSettings>;
  /** Where people look, for the notices; asked when a notice is made. */
  readonly link: () => string;
}

/** What a runner works with. */
export interface RunnerParts {
  readonly store: RunnerStore;
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
  /**
   * Carries a person's command out. Rounds and commands do not overlap, but for a rollback: it waits for nothing, not
   * for a round that waits for the store.
   */
  readonly command: (request: CommandRequest) => Promise<CommandResult>;
}

/** Why the document at hand is not the one the migration was started with; empty when it is. */
export const documentProblem = (migration: Migration, { hash }: MigrationState): string =>
  hash === null || hash === migration.hash
    ? ""
    : `the document changed after the migration started (${hash.slice(0, 12)}, now ${migration.hash.slice(0, 12)}); ` +
      "thresholds are written down before: restore the document, or declare a new migration under another name";

const start = async (migration: Migration, history: MigrationHistory): Promise<void> => {
  if (history.state().hash !== null) return;
  const share = migration.stages[0]?.share ?? 0;
  await history.record({ type: "started", hash: migration.hash, stage: 0, share }, { id: "started" });
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
  { target, notifier, ledger, now, log, ...parts }: RunnerParts,
): MigrationRunner => {
  const store = boundStore(parts.store, settings.storeTimeoutMs ?? 10_000);
  const history = createMigrationHistory(migration, { readLedger: store.readLedger, ledger, now });
  const ticks = createTickJudge(migration, settings, store, now);
  const examples = createFindingExamples(migration.name, store);
  const judge: TickJudge = { ...ticks, latest: () => examples.attach(ticks.latest()) };
  const drain = createDrainWatch(migration, settings, { store, history, now });
  const align = (): Promise<string> => alignFlag(migration, { history, target, now, settings: settings.flip ?? {} });
  const blindness = createBlindness(settings.blindAfterMs ?? 120_000, now);
  const turn = inTurn();
  let problem = "";

  /** Reads the ledger: another agent on the same store may have decided, acted or delivered notices since. */
  const catchUp = async (): Promise<void> => notifier.restore(await history.refresh());

  /** Hands over every notice the ledger calls for; the notifier knows which ones are new. */
  const tell = async (): Promise<void> => {
    const context = { incident: history.incident(), link: settings.link() };
    for (const notice of noticesDue(migration, history.state(), history.entries(), context)) {
      await notifier.notify(notice, { by: "agent", incident: notice.incident });
    }
  };

  const pageWhenBlind = async (problem: string): Promise<void> => {
    const reason = blindness.look(problem);
    if (reason === null || history.state().pagedFor.includes(reason)) return;
    await history.decide({ kind: "page", reason }, null);
  };

  const work = async (): Promise<readonly string[]> => {
    await catchUp();
    // An unread ledger may hold a rollback: acting as if it were empty would switch the candidate on again.
    if (!history.isKnown()) return [history.problem()];
    const changed = documentProblem(migration, history.state());
    if (changed !== "") return [changed];
    const before = history.entries().length;
    await start(migration, history);
    const judged = await judgeTicks(migration, { history, judge, now, log });
    await pageWhenBlind(history.problem() || judged);
    const problems = [judged, await align(), await drain.look()];
    await examples.look(judge.latest());
    await recordFindings(history, judge.latest());
    // Two agents may have written the same fact down at two moments; the stored one goes into the notices of both.
    if (history.entries().length !== before) await catchUp();
    await tell();
    return [history.problem(), ...problems];
  };

  const round = async (): Promise<void> => {
    const next = (await work()).filter((each) => each !== "").join("; ");
    if (next !== problem && next !== "") log.warn(`${migration.name}: ${next}`);
    problem = next;
  };

  const carryOut = async (request: CommandRequest): Promise<CommandResult> => {
    const isUrgent = request.command === "rollback" && history.isKnown();
    if (!isUrgent) await catchUp();
    const refusal = history.isKnown()
      ? documentProblem(migration, history.state()) || refuseCommand(migration, history.state(), request)
      : history.problem();
    if (refusal !== null) return { outcome: "refused", problem: `${migration.name}: ${refusal}` };
    const { command, reason, by } = request;
    const at = now();
    // Two commands of one millisecond are two.
    const nth = history.entries().filter(({ event }) => event.type === "command").length + 1;
    await history.record({ type: "command", command, reason }, { id: `command:${nth}:${command}:${at}`, by, at });
    const unfinished = await align();
    if (!isUrgent) await catchUp();
    await tell();
    // Nobody who only stops or resumes the ramp asked for the flag to move.
    return { outcome: "done", problem: command === "pause" || command === "resume" ? "" : unfinished };
  };

  return {
    migration,
    history,
    judge,
    drain,
    problem: () => problem,
    round: () => turn(round),
    command: (request) => (request.command === "rollback" ? carryOut(request) : turn(() => carryOut(request))),
  };
};
