import type { RoutedFlag } from "../alerts/flags/flag-target.ts";
import type { FlipSettings } from "../alerts/flip.ts";
import type { LedgerWriter } from "../alerts/ledger-writer.ts";
import type { Notifier } from "../alerts/notifier.ts";
import { writeNotice } from "../alerts/write-notice.ts";
import { inTurn } from "../async/in-turn.ts";
import { withinOr } from "../async/within-or.ts";
import type { Command, LedgerEntry } from "../core/ledger.ts";
import type { Log } from "../core/log.ts";
import { isItsDocument, isUnversionedHash, type Migration, shortHash } from "../core/migration.ts";
import type { CommandRequest, CommandResult } from "../lifecycle/commands/command-type.ts";
import { COMMAND_TYPES, refuseCommand, repeatOf } from "../lifecycle/commands/commands.ts";
import { rehashedKey, startedKey } from "../lifecycle/ledger-ids.ts";
import { noticesDue } from "../lifecycle/notices-due.ts";
import { type MigrationSnapshot, snapshotOf } from "../lifecycle/snapshot.ts";
import { type MigrationState, stageShare } from "../lifecycle/state.ts";
import { alignFlag, holdDown } from "./align-flag.ts";
import { createBlindness } from "./blindness.ts";
import { boundStore, type RunnerStore } from "./bounded-store.ts";
import { createDrainWatch, type DrainWatch } from "./drain-watch.ts";
import { createFindingExamples } from "./finding-examples.ts";
import { createFlagPace } from "./flag-pace.ts";
import { judgeTicks } from "./judge-ticks.ts";
import { createLedgerReader } from "./ledger-reader.ts";
import { createMigrationHistory, type MigrationHistory } from "./migration-history.ts";
import { recordFindings } from "./record-findings.ts";
import { recordStanding } from "./record-standing.ts";
import { createTickDetector, type TickDetector } from "./tick-detector.ts";

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
  readonly flag: RoutedFlag;
  readonly notifier: Notifier;
  readonly ledger: LedgerWriter;
  readonly now: () => number;
  readonly log: Log;
}

/** One migration under way. */
export interface MigrationRunner {
  readonly migration: Migration;
  readonly history: MigrationHistory;
  readonly detector: TickDetector;
  readonly drain: DrainWatch;
  /** What went wrong in the last round; empty when nothing did. */
  readonly problem: () => string;
  /** Everything that is known of the migration at this moment. */
  readonly snapshot: () => MigrationSnapshot;
  /** Judges what closed, decides, brings the flag in line, watches the drain. Never rejects. */
  readonly round: () => Promise<void>;
  /**
   * Carries a person's command out. Rounds and commands do not overlap, but for a rollback: it waits for nothing, not
   * for a round that waits for the store.
   */
  readonly command: (request: CommandRequest) => Promise<CommandResult>;
}

const COVERED_PEOPLE =
  "an earlier version of Leeway started it, whose hash covers owner and approvers as well: leave these as they were for " +
  "the first start of this version, and change them afterwards";

/** Why the document at hand is not the one the migration was started with; empty when it is. */
export const documentProblem = (migration: Migration, { hash }: MigrationState): string => {
  if (hash === null || isItsDocument(migration, hash)) return "";
  const [before, now] = [shortHash(hash, 12), shortHash(migration.hash, 12)];
  return (
    `what decides in the document changed after the migration started (${before}, now ${now}); ` +
    "thresholds are written down before: restore the document, or declare a new migration under another name" +
    (isUnversionedHash(hash) ? ` (${COVERED_PEOPLE})` : "")
  );
};

const start = async (migration: Migration, history: MigrationHistory): Promise<void> => {
  const { hash } = history.state();
  if (hash !== null && hash !== migration.hash) {
    await history.record({ type: "rehashed", hash: migration.hash }, { id: rehashedKey(migration.hash) });
  }
  if (hash !== null) return;
  const share = stageShare(migration, 0);
  await history.record({ type: "started", hash: migration.hash, stage: 0, share }, { id: startedKey });
};

/** How long a command is put on record before it is carried out all the same, ms. */
const RECORD_MS = 250;

const NOT_ON_RECORD = "it is on no record yet, and would be lost if the agent was killed now";

/** Null where a repeated request asks for what it asked for the first time. */
const differs = ({ event }: LedgerEntry, command: Command): string | null =>
  event.type === "command" && event.command === command ? null : "another command was given under this key";

/** A runner for `migration`. Nothing happens before its first round. */
export const createMigrationRunner = (
  migration: Migration,
  settings: RunnerSettings,
  { flag, notifier, ledger, now, log, ...parts }: RunnerParts,
): MigrationRunner => {
  const store = boundStore(parts.store, settings.storeTimeoutMs ?? 10_000);
  const history = createMigrationHistory(migration, {
    readLedger: createLedgerReader({ ledgerSince: store.ledgerSince, now }),
    ledger,
    now,
  });
  const ticks = createTickDetector(migration, settings, store, now);
  const examples = createFindingExamples(migration.name, store);
  const detector: TickDetector = { ...ticks, latest: () => examples.attach(ticks.latest()) };
  const { propagationMs } = flag.capabilities;
  const drain = createDrainWatch(migration, { ...settings, propagationMs }, { store, history, now });
  const pace = createFlagPace(flag, now);
  const align = (): Promise<string> =>
    alignFlag(migration, { history, flag, pace, now, settings: settings.flip ?? {} });
  const blindness = createBlindness(settings.blindAfterMs ?? 120_000, now);
  // A command must not slip between a round's judgement and its act.
  const turn = inTurn();
  let problem = "";

  /** Reads the ledger: another agent on the same store may have decided, acted or delivered notices since. */
  const catchUp = async (): Promise<void> => notifier.restore(await history.refresh());

  /** Hands over every notice the ledger calls for; the notifier knows which ones are new. */
  const tell = async (): Promise<void> => {
    const state = history.state();
    const startedWith = state.startedWith ?? migration.hash;
    const context = { migration, incident: history.incident(), startedWith, link: settings.link() };
    for (const due of noticesDue(migration, state, history.entries())) {
      const notice = writeNotice(due, context);
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
    if (!history.isKnown()) return [history.problem(), history.state().rollback === null ? "" : await holdDown(flag)];
    const changed = documentProblem(migration, history.state());
    if (changed !== "") return [changed];
    const before = history.entries().length;
    await start(migration, history);
    const judged = await judgeTicks(migration, { history, detector, now, log });
    await pageWhenBlind(history.problem() || judged);
    const problems = [judged, await align(), await drain.look()];
    await examples.look(detector.latest());
    await recordFindings(history, detector.latest());
    await recordStanding(migration, history, now());
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

  /** Puts a command on record, where it is a new one; why it is on none, or "". */
  const accept = async ({ command, reason, by, stage, key }: CommandRequest): Promise<string> => {
    const { key: keyOf, isForStage } = COMMAND_TYPES[command];
    const id = keyOf(history.state(), history.entries());
    const given = isForStage && stage !== undefined ? { stage } : {};
    const named = key === undefined ? {} : { key };
    return history.record({ type: "command", command, reason, ...given, ...named }, { id, by });
  };

  const refusalOf = (request: CommandRequest): string | null => {
    if (!history.isKnown()) return history.problem();
    return documentProblem(migration, history.state()) || refuseCommand(migration, history.state(), request);
  };

  const carryOut = async (request: CommandRequest): Promise<CommandResult> => {
    const { command } = request;
    const type = COMMAND_TYPES[command];
    const isUrgent = type.isUrgent && history.isKnown();
    if (!isUrgent) await catchUp();
    const repeat = repeatOf(history.entries(), request);
    const refusal = repeat === null ? refusalOf(request) : differs(repeat, command);
    if (refusal !== null) return { outcome: "refused", problem: `${migration.name}: ${refusal}` };
    const recording = repeat === null ? accept(request) : history.writer.note();
    // Harm does not wait for a disk that hangs; the answer does.
    await withinOr(RECORD_MS, recording, "");
    const unfinished = await align();
    const unrecorded = await recording;
    await withinOr(RECORD_MS, recordStanding(migration, history, now()), undefined);
    if (!isUrgent) await catchUp();
    await tell();
    const asked = type.movesFlag ? unfinished : "";
    const problems = [unrecorded === "" ? "" : `${NOT_ON_RECORD} (${unrecorded})`, asked];
    return { outcome: "done", problem: problems.filter((each) => each !== "").join("; ") };
  };

  const command: MigrationRunner["command"] = (request) => {
    // Two requests that arrive at one stage mean that stage, however long the second has to wait.
    const given = { stage: history.state().stage, ...request };
    return COMMAND_TYPES[given.command].isUrgent ? carryOut(given) : turn(() => carryOut(given));
  };

  return {
    migration,
    history,
    detector,
    drain,
    problem: () => problem,
    snapshot: () =>
      snapshotOf(
        {
          migration,
          state: history.state(),
          entries: history.entries(),
          judgement: detector.latest(),
          lastTick: detector.lastTick(),
          drain: drain.latest(),
          problem,
        },
        now(),
      ),
    round: () => turn(round),
    command,
  };
};
