import { randomUUID } from "node:crypto";
import type { RoutedFlag } from "../alerts/flags/flag-target.ts";
import type { FlipSettings } from "../alerts/flip.ts";
import type { LedgerWriter } from "../alerts/ledger-writer.ts";
import type { DashboardPlace } from "../alerts/notice-links.ts";
import type { Notifier } from "../alerts/notifier.ts";
import { inTurn } from "../async/in-turn.ts";
import { withinOr } from "../async/within-or.ts";
import { messageOf } from "../core/errors.ts";
import { signature } from "../core/identity.ts";
import type { Command, LedgerEntry } from "../core/ledger.ts";
import type { Log } from "../core/log.ts";
import { isItsDocument, isSameRoute, type Migration } from "../core/migration.ts";
import { BEFORE_FIRST, entryStage } from "../lifecycle/approvals.ts";
import { approvalMissing, revisionMissing } from "../lifecycle/approver.ts";
import type { CommandRequest, CommandResult } from "../lifecycle/commands/command-type.ts";
import { COMMAND_TYPES, refuseCommand, repeatOf } from "../lifecycle/commands/commands.ts";
import { drillsOf, newestDrill } from "../lifecycle/drills.ts";
import { approvalKey, documentKey, rehashedKey, revisionApprovalKey, startedKey } from "../lifecycle/ledger-ids.ts";
import { failedLines, type PreflightCheck } from "../lifecycle/preflight.ts";
import { type MigrationSnapshot, snapshotOf } from "../lifecycle/snapshot.ts";
import { isOver, standingOf } from "../lifecycle/standing.ts";
import { type MigrationState, stageShare } from "../lifecycle/state.ts";
import { takeUp } from "../lifecycle/take-up.ts";
import { alignFlag, holdDown } from "./align-flag.ts";
import { askFlag } from "./ask-flag.ts";
import { boundStore, type RunnerStore } from "./bounded-store.ts";
import { type Contract, fixedContract } from "./documents/contract.ts";
import { type DocumentText, readingDigest, recordOf } from "./documents/document-record.ts";
import { createDrainReading } from "./drain-reading.ts";
import { createDrainWatch, type DrainWatch } from "./drain-watch.ts";
import { type DrillAnswer, type DrillOrder, drillPlan } from "./drill-plan.ts";
import { createDrillRun } from "./drill-run.ts";
import { createFallBack } from "./fall-back.ts";
import { createFindingExamples } from "./finding-examples.ts";
import { createFlagPace } from "./flag-pace.ts";
import { judgeTicks } from "./judge-ticks.ts";
import { createLedgerReader } from "./ledger-reader.ts";
import { createMigrationHistory, type MigrationHistory } from "./migration-history.ts";
import type { FindLife } from "./models/find-life.ts";
import { noticesToTell } from "./notices-to-tell.ts";
import { recordApprovalDue } from "./record-approval-due.ts";
import { recordFindings } from "./record-findings.ts";
import { recordRetirements, retirementOf } from "./record-retirements.ts";
import { recordStanding } from "./record-standing.ts";
import { createPairWatch, type PairWatch } from "./shadow/pair-watch.ts";
import { shadowStageOf } from "./shadow/plan-of.ts";
import { giveWord, type PairWordAnswer, type PairWordOrder } from "./shadow/word-on-pairs.ts";
import { type ReadShadow, withShadow } from "./shadow-evidence.ts";
import { createTickDetector, type TickDetector } from "./tick-detector.ts";
import type { ReadBaselineProbes } from "./watch/baseline-probes.ts";
import { createPreflightWatch } from "./watch/preflight-watch.ts";
import { createRevisionWatch } from "./watch/revision-watch.ts";
import { type WatchTimes, watchMigration } from "./watch/watch-migration.ts";

/** What a runner is told. Durations are ms. */
export interface RunnerSettings extends WatchTimes {
  readonly tickMs: number;
  readonly settleMs: number;
  readonly drainDeadlineMs: number;
  /** How long after its decision a rollback's flag may fail before the next fallback is tried. Default 30 s. */
  readonly flipDeadlineMs?: number;
  /** By how much the machine's clock was set not long ago, ms; null for not at all. Default: never. */
  readonly clockStep?: () => number | null;
  /** Longest answer of the store that is waited for. Default 10 s. */
  readonly storeTimeoutMs?: number;
  /** After how long an open critical incident that nobody acknowledged is told again; null = never. Default: never. */
  readonly repeatMs?: number | null;
  /** How long a flip may take; see FlipSettings for the defaults. */
  readonly flip?: Partial<FlipSettings>;
  /** When models are retired. Default: nobody knows. */
  readonly findLife?: FindLife;
  /** What sentinels heard of a baseline's model. Default: none asks it. */
  readonly probes?: ReadBaselineProbes;
  /** Where people look, for the notices; asked when a notice is made. */
  readonly link: () => string;
  /** The dashboard the notices link to. Default: none. */
  readonly dashboard?: DashboardPlace | null;
}

/** What a runner works with. */
export interface RunnerParts {
  readonly store: RunnerStore;
  readonly flag: RoutedFlag;
  /** Those of the route's fallbacks, in their order. Default: none. */
  readonly fallbacks?: readonly RoutedFlag[];
  readonly notifier: Notifier;
  readonly ledger: LedgerWriter;
  readonly now: () => number;
  readonly log: Log;
  /** Id of this run of the agent. Default: one of its own. */
  readonly owner?: string;
  /** Which document is in force. Default: the one given. */
  readonly contract?: Contract;
  /** Who measures the answers of a candidate in shadow. Default: the pairs in the store. */
  readonly shadow?: ReadShadow;
}

/** One migration under way. */
export interface MigrationRunner {
  /** The document in force. */
  readonly migration: Migration;
  readonly contract: Contract;
  readonly history: MigrationHistory;
  readonly detector: TickDetector;
  /** Does some work on its record while nothing else is done with it. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** What the pairs of its shadow say. */
  readonly pairs: PairWatch;
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
  /** Begins a drill, whose steps the rounds carry on with; `isDry`: says what would be done, and whether it could. Never rejects. */
  readonly drill: (order: DrillOrder) => Promise<DrillAnswer>;
  /** Puts a person's word on differences of shadow answers on record. Never rejects. */
  readonly word: (order: PairWordOrder) => Promise<PairWordAnswer>;
}

/** True where users would meet the candidate as soon as the migration starts. */
const beginsAtOnce = (migration: Migration): boolean => stageShare(migration, entryStage(migration, "entry")) > 0;

const UNANSWERED = "the flag system has not answered yet";

/** `checks`: what was found before the start; null = nothing yet. */
const start = async (
  migration: Migration,
  history: MigrationHistory,
  checks: readonly PreflightCheck[] | null,
): Promise<void> => {
  const { hash } = history.state();
  if (hash !== null && hash !== migration.hash) {
    await history.record({ type: "rehashed", hash: migration.hash }, { id: rehashedKey(migration.hash) });
  }
  if (hash !== null) return;
  const failed = checks === null ? [UNANSWERED] : failedLines(checks);
  const held = beginsAtOnce(migration) ? failed : [];
  const stage = held.length === 0 ? entryStage(migration, "entry") : BEFORE_FIRST;
  const share = stageShare(migration, stage);
  const begun = { stage, share, approvals: "entry", asksDrill: true, ...(held.length === 0 ? {} : { held }) } as const;
  await history.record({ type: "started", hash: migration.hash, ...begun }, { id: startedKey });
};

/** Puts on record what the document in force says, once for each reading of it. */
const recordDocument = async (history: MigrationHistory, contract: Contract): Promise<void> => {
  const evidence = contract.evidence();
  const { hash } = history.state();
  if (evidence === null || hash === null) return;
  const id = documentKey(hash, readingDigest(evidence.migration));
  await history.record(recordOf(evidence, hash), { id });
};

/** How long the route's own flag is waited for before a fallback that is due is tried beside it, ms. */
const FALL_BACK_MS = 2_000;

const joined = (problems: readonly string[]): string => problems.filter((each) => each !== "").join("; ");

/** How long after a write apps may go by the share before, ms, whichever of the flags they ask. */
const slowestMs = (flags: readonly RoutedFlag[]): number =>
  Math.max(...flags.map(({ capabilities }) => capabilities.propagationMs));

const usedOf = (fallbacks: readonly RoutedFlag[], { rollback }: MigrationState): readonly RoutedFlag[] =>
  fallbacks.filter((flag) => rollback?.fallbacks.some((used) => isSameRoute(used, flag)));

/** How long the start waits for the pre-flight of a first stage that begins at once, ms. */
const ENTRY_MS = 2_000;

/** How long a round waits for the pre-flight, ms. */
const PREFLIGHT_MS = 250;

/** How long a command is put on record before it is carried out all the same, ms. */
const RECORD_MS = 250;

const NOT_ON_RECORD = "it is on no record yet, and would be lost if the agent was killed now";

/** Null where a repeated request asks for what it asked for the first time. */
const differs = ({ event }: LedgerEntry, command: Command): string | null =>
  event.type === "command" && (event.abandons ? "abandon" : event.command) === command
    ? null
    : "another command was given under this key";

/** A runner for `migration`. Nothing happens before its first round. */
export const createMigrationRunner = (
  given: Migration,
  settings: RunnerSettings,
  { flag, notifier, ledger, now, log, ...parts }: RunnerParts,
): MigrationRunner => {
  const { contract = fixedContract(given) } = parts;
  const store = boundStore(parts.store, settings.storeTimeoutMs ?? 10_000);
  const history = createMigrationHistory(given, {
    readLedger: createLedgerReader({ ledgerSince: store.ledgerSince, now }),
    ledger,
    now,
    inForce: contract.inForce,
  });
  const inForce = history.migration;
  const { name } = given;
  const pairs = createPairWatch({ history, readPairs: store.readPairs, now });
  const ticks = withShadow(createTickDetector(inForce, settings, store, now), history, parts.shadow ?? pairs.evidence);
  const examples = createFindingExamples(inForce, store);
  const detector: TickDetector = { ...ticks, latest: () => examples.attach(ticks.latest()) };
  const { fallbacks = [] } = parts;
  const propagationMs = (): number => slowestMs([flag, ...usedOf(fallbacks, history.state())]);
  const read = createDrainReading(name, settings, { store, now, propagationMs });
  const drain = createDrainWatch(given, { store, history, now, read });
  const { drainDeadlineMs, flip: flipSettings = {} } = settings;
  const drills = createDrillRun(inForce, {
    ...{ history, flag, read, now, drainDeadlineMs, settings: flipSettings },
    owner: parts.owner ?? randomUUID(),
  });
  const pace = createFlagPace(flag, now);
  const fallBack = createFallBack(given, {
    ...{ history, flags: fallbacks, now, settings: settings.flip ?? {} },
    deadlineMs: settings.flipDeadlineMs ?? 30_000,
  });
  const alignOwn = (): Promise<string> =>
    alignFlag(inForce(), { history, flag, pace, now, settings: settings.flip ?? {} });
  /** The route's own flag, and what a rollback can fall back to while that one fails or does not answer. What is wrong. */
  const align = async (): Promise<{ readonly own: string; readonly all: string }> => {
    const own = alignOwn();
    await withinOr(FALL_BACK_MS, own, "");
    const lowered = await fallBack.lower();
    const problem = await own;
    const restored = problem === "" ? await fallBack.restore() : "";
    return { own: problem, all: joined([problem, lowered, restored]) };
  };
  /** The same, and on with a drill: what ends it, or begins it, is carried out at once. */
  const alignAndDrill = async (): ReturnType<typeof align> => {
    const aligned = await align();
    if (!(await drills.goOn(aligned.own))) return aligned;
    const again = await align();
    await drills.goOn(again.own);
    return again;
  };
  const { freshness } = store;
  const readiness = createPreflightWatch(inForce, {
    ...{ history, latest: detector.latest, freshness, flag, now },
    retirement: () => retirementOf(settings.findLife ?? (() => null), inForce().baseline),
    probes: settings.probes ?? (async () => "none"),
  });
  const watch = watchMigration(given, settings, { history, latest: detector.latest, freshness, now });
  const revisions = createRevisionWatch(inForce, { history, contract, now });
  // A command must not slip between a round's judgement and its act.
  const turn = inTurn();
  const { repeatMs = null } = settings;
  let problem = "";

  /** Reads the ledger: another agent on the same store may have decided, acted or delivered notices since. */
  const catchUp = async (): Promise<void> => notifier.restore(await history.refresh());

  /** Hands over every notice the ledger calls for; the notifier knows which ones are new. */
  const tell = async (): Promise<void> => {
    const place = { incident: history.incident(), link: settings.link(), dashboard: settings.dashboard ?? null };
    for (const notice of noticesToTell(inForce(), history, place, { repeatMs, now: now() }))
      await notifier.notify(notice, { by: "agent", incident: notice.incident });
  };

  /** Where canary calls came back after a proof, the flag is written once more at once. */
  const watchDrain = async (): Promise<string> => {
    const returns = (): number => history.state().rollback?.returns ?? 0;
    const before = returns();
    const problem = await drain.look();
    return returns() > before ? joined([problem, (await align()).all]) : problem;
  };

  /** Downwards only, while the ledger cannot be read and the journal says that it is rolled back. */
  const hold = async (): Promise<string> => {
    const problem = await holdDown(flag);
    return problem === "" ? "" : joined([problem, await fallBack.lower()]);
  };

  /** Of a shadow stage. What could not be read is undecided, and so the gate stays shut. */
  const readShadowPairs = async (): Promise<string> => {
    if (shadowStageOf(inForce(), history.state().stage) === null) return "";
    try {
      await pairs.look();
      return "";
    } catch (error) {
      return `the pairs of the shadow could not be read: ${messageOf(error)}`;
    }
  };

  const work = async (): Promise<readonly string[]> => {
    await catchUp();
    // An unread ledger may hold a rollback: acting as if it were empty would switch the candidate on again.
    if (!history.isKnown()) return [history.problem(), history.state().rollback === null ? "" : await hold()];
    const before = history.entries().length;
    const held = contract.held();
    if (held === "") {
      if (history.state().hash === null && beginsAtOnce(inForce()))
        await withinOr(ENTRY_MS, readiness.look(), undefined);
      await start(inForce(), history, readiness.latest());
      await recordDocument(history, contract);
    }
    const unread = await readShadowPairs();
    const parts = { history, detector, now, log, mayAdvance: held === "", preflight: readiness.latest };
    const judged = await judgeTicks(inForce(), parts);
    await watch.judging(history.problem() || judged);
    // Downwards only: what its document let it serve is not known.
    await drills.settle();
    const isAligned = held === "" || history.state().rollback !== null;
    const aligned = isAligned ? await alignAndDrill() : { own: "", all: "" };
    await watch.flag(aligned.own);
    const problems = [judged, unread, aligned.all, await watchDrain()];
    await watch.document(isOver(standingOf(inForce(), history.state(), now())) ? "" : contract.trouble());
    await watch.calls();
    // A flag system that hangs must not keep the next round from judging: what is found counts then.
    await withinOr(PREFLIGHT_MS, readiness.look(), undefined);
    await examples.look(detector.latest());
    await recordFindings(history, detector.latest());
    await recordRetirements(inForce(), history, settings.findLife ?? (() => null), now());
    await recordStanding(inForce(), history, now());
    await recordApprovalDue(inForce(), history, {
      judgement: detector.latest(),
      checks: readiness.latest(),
      now: now(),
    });
    await revisions.look();
    // Two agents may have written the same fact down at two moments; the stored one goes into the notices of both.
    if (history.entries().length !== before) await catchUp();
    await tell();
    return [history.problem(), held, ...problems];
  };

  const round = async (): Promise<void> => {
    const next = joined(await work());
    if (next !== problem && next !== "") log.warn(`${name}: ${next}`);
    problem = next;
  };

  /** Puts a command on record, where it is a new one; why it is on none, or "". */
  const accept = async ({ command, reason, by, stage, key, identity, revision }: CommandRequest): Promise<string> => {
    const { key: keyOf, isForStage, recordedAs = { command } } = COMMAND_TYPES[command];
    const id = keyOf(history.state(), history.entries());
    const given = isForStage && stage !== undefined ? { stage } : {};
    const named = key === undefined ? {} : { key };
    const known = identity === undefined ? {} : { identity };
    const failed = command === "advance" ? failedLines(readiness.latest()) : [];
    const despite = failed.length === 0 ? {} : { despite: failed };
    const taken = revision === undefined || "problem" in revision ? {} : revision;
    const event = {
      type: "command",
      ...recordedAs,
      reason,
      ...given,
      ...named,
      ...known,
      ...despite,
      ...taken,
    } as const;
    return history.record(event, { id, by: signature(by, identity) });
  };

  /** What one approval of two would be, and what is missing beside it; null for what nobody has to approve. */
  const approvalOf = ({ command, by, revision }: CommandRequest) => {
    const state = history.state();
    if (command === "advance") {
      const missing = (): string => approvalMissing(inForce(), history.state(), by);
      return { missing, id: approvalKey(state, by), event: { type: "approval", stage: state.stage } as const };
    }
    if (command !== "revise" || revision === undefined || "problem" in revision) return null;
    const { hash } = revision.revision;
    const missing = (): string => revisionMissing(inForce(), history.state(), hash, by);
    return { missing, id: revisionApprovalKey(state, hash, by), event: { type: "revision-approval", hash } as const };
  };

  /** Puts one of two approvals on record; what is still missing, in words; empty where the command is due. */
  const approve = async (request: CommandRequest): Promise<string> => {
    const { reason, by } = request;
    const missing = (): string => approvalOf(request)?.missing() ?? "";
    const approval = approvalOf(request);
    if (approval === null || missing() === "") return "";
    const origin = { id: approval.id, by: signature(by, request.identity) };
    const unrecorded = await history.record({ ...approval.event, reason }, origin);
    // another agent may have been given the other one at the same moment
    await catchUp();
    return joined([missing(), unrecorded === "" ? "" : `${NOT_ON_RECORD} (${unrecorded})`]);
  };

  const refusalOf = (request: CommandRequest): string | null => {
    if (!history.isKnown()) return history.problem();
    const isWayOut = COMMAND_TYPES[request.command].isUrgent || request.command === "revise";
    const held = isWayOut ? "" : contract.held();
    return held || refuseCommand(inForce(), history.state(), request);
  };

  /** What it means where the migration stands now; `pending` is what lay on disk when it was asked for. */
  const withRevision = ({ revision: _, ...given }: CommandRequest, pending: DocumentText | null): CommandRequest =>
    pending === null ? given : { ...given, revision: takeUp(inForce(), pending.migration, history.state()) };

  const isInForce = (pending: DocumentText | null): boolean =>
    pending !== null && isItsDocument(pending.migration, history.state().hash ?? "");

  /** Its text is on record before it counts. */
  const recordRevision = async (pending: DocumentText | null): Promise<void> => {
    if (pending === null) return;
    const { hash } = pending.migration;
    await history.record(recordOf(pending, hash), { id: documentKey(hash, readingDigest(pending.migration)) });
  };

  const carryOut = async (given: CommandRequest): Promise<CommandResult> => {
    const { command } = given;
    const type = COMMAND_TYPES[command];
    const isUrgent = type.isUrgent && history.isKnown();
    if (!isUrgent) await catchUp();
    const pending = command === "revise" ? contract.pending() : null;
    const asked = withRevision(given, pending);
    const repeat = repeatOf(history.entries(), asked);
    const refusal = repeat === null ? refusalOf(asked) : differs(repeat, command);
    if (refusal !== null) return { outcome: "refused", problem: `${name}: ${refusal}` };
    const missing = repeat === null ? await approve(asked) : "";
    if (missing !== "") return { outcome: "done", problem: missing };
    const request = withRevision(given, pending);
    // While the first of two words was put on record the other agent may have had the second, and have carried it out.
    if (repeat === null && isInForce(pending)) return { outcome: "done", problem: "" };
    if (repeat === null) await recordRevision(pending);
    const recording = repeat === null ? accept(request) : history.writer.note();
    // Harm does not wait for a disk that hangs; the answer does.
    await withinOr(RECORD_MS, recording, "");
    const { all: unfinished } = await align();
    const unrecorded = await recording;
    await withinOr(RECORD_MS, recordStanding(inForce(), history, now()), undefined);
    if (!isUrgent) await catchUp();
    await tell();
    const unmoved = type.movesFlag ? unfinished : "";
    const problems = [unrecorded === "" ? "" : `${NOT_ON_RECORD} (${unrecorded})`, unmoved];
    return { outcome: "done", problem: problems.filter((each) => each !== "").join("; ") };
  };

  const command: MigrationRunner["command"] = (request) => {
    // Two requests that arrive at one stage mean that stage, however long the second has to wait.
    const given = { stage: history.state().stage, ...request };
    return COMMAND_TYPES[given.command].isUrgent ? carryOut(given) : turn(() => carryOut(given));
  };

  /** Why neither a drill nor anything else may begin, or "". */
  const whyNot = (): string => (history.isKnown() ? contract.held() : history.problem());

  const planned = async (refused: string): Promise<DrillAnswer> => {
    const refusal = refused || (await drills.refusal());
    const answer = await askFlag(flag);
    const plan = drillPlan(inForce(), history.state(), { refusal, answer, flag, now: now() });
    return { outcome: "planned", plan };
  };

  const runDrill = async ({ isDry, ...request }: DrillOrder): Promise<DrillAnswer> => {
    await catchUp();
    const refused = whyNot();
    if (isDry) return planned(refused);
    const repeat = drillsOf(history.entries()).find(({ key }) => key !== "" && key === request.key);
    if (repeat !== undefined) return { outcome: "begun", drill: repeat.drill };
    await drills.settle();
    const problem = refused || (await drills.begin(request));
    await alignAndDrill();
    await withinOr(RECORD_MS, recordStanding(inForce(), history, now()), undefined);
    await tell();
    if (problem !== "") return { outcome: "refused", problem: `${name}: ${problem}` };
    return { outcome: "begun", drill: newestDrill(history.entries())?.drill ?? "" };
  };

  return {
    drill: (order) => turn(() => runDrill(order)),
    inTurn: (work) => turn(work),
    word: (order) => turn(() => giveWord(order, pairs.report(), history)),
    get migration() {
      return inForce();
    },
    contract,
    history,
    detector,
    pairs,
    drain,
    problem: () => problem,
    snapshot: () =>
      snapshotOf(
        {
          migration: inForce(),
          state: history.state(),
          entries: history.entries(),
          judgement: detector.latest(),
          lastTick: detector.lastTick(),
          drain: drain.latest(),
          preflight: readiness.latest(),
          problem,
        },
        now(),
      ),
    round: () => turn(round),
    command,
  };
};
