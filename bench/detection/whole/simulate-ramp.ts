import type { LedgerEntry, LedgerEvent } from "../../../core/ledger.ts";
import type { Migration } from "../../../core/migration.ts";
import type { Judgement } from "../../../core/verdict.ts";
import { decide } from "../../../detectors/decide.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { applyEntry, desiredShare, type MigrationState, NOT_STARTED } from "../../../detectors/history.ts";
import type { ConversationPool } from "./conversation-pool.ts";
import { createConversations, type Setting, type Weather } from "./draw-conversation.ts";
import { CONVERSATION, callsPerMinuteAt, INCIDENTS, typesUpToAt } from "./healthy-app.ts";
import { joinedRandom, poissonFrom } from "./joined-random.ts";
import { createLikenessWindow } from "./likeness-window.ts";
import { createTickCells, type TickCells } from "./tick-cells.ts";

const MINUTE_MS = 60_000;
/** Conversations go on for up to 24 minutes, spans are up to 5 late, tickets count an hour after their call. */
const LONGEST_DELAY_MINUTES = 100;
/** A person looks at a pause after this long, finds nothing wrong and resumes. */
const RESUME_AFTER_MS = 3_600_000;

/** What a run is made of; times in minutes. */
export interface RampSettings {
  readonly pool: ConversationPool;
  readonly migration: Migration;
  readonly seed: number;
  readonly horizonMinutes: number;
  /** Length of the ticks in a stage. */
  readonly tickMinutes: (stage: number) => number;
}

/** What became of one run. Hours since its start. */
export interface RampOutcome {
  readonly seed: number;
  readonly rollback: { readonly hour: number; readonly rule: string; readonly reason: string } | null;
  readonly pauses: readonly { readonly hour: number; readonly rule: string; readonly reason: string }[];
  readonly pages: readonly string[];
  /** When each stage after the first was entered; the last is the end of the document's ramp. */
  readonly advances: readonly number[];
  /** What kept the last judgement from advancing: rules and why. */
  readonly waitingFor: readonly string[];
  readonly ticks: number;
  readonly calls: number;
  /** CPU time in the engine and decide(), ms. */
  readonly engineMs: number;
}

const weatherOf = (random: () => number): Weather => {
  const at = random();
  if (at < INCIDENTS.slow) return "slow";
  return at < INCIDENTS.slow + INCIDENTS.failing ? "failing" : "calm";
};

/** A place for every tick a call may still count in; the one at hand is number 0. */
const createRing = (size: number): { readonly after: (ticks: number) => TickCells; readonly next: () => void } => {
  const cells = Array.from({ length: size }, createTickCells);
  let at = 0;
  const after = (ticks: number): TickCells => {
    const found = cells[(at + Math.min(ticks, size - 1)) % size];
    if (found === undefined) throw new RangeError(`no cells for ${ticks} ticks ahead`);
    return found;
  };
  return {
    after,
    next: () => {
      after(0).clear();
      at = (at + 1) % size;
    },
  };
};

/** The ledger of one run, folded as the agent folds it. */
const createHistory = (migration: Migration) => {
  let [state, serial]: [MigrationState, number] = [NOT_STARTED, 0];
  const record = (event: LedgerEvent, at: number): void => {
    const entry: LedgerEntry = {
      id: String(serial++),
      at,
      migration: migration.name,
      by: "agent",
      incident: "",
      event,
    };
    state = applyEntry(state, migration, entry);
  };
  record({ type: "started", hash: migration.hash, stage: 0, share: migration.stages[0]?.share ?? 0 }, 0);
  return { state: () => state, record };
};

/**
 * One migration of two equal arms, tick by tick, through the shipped engine, decide() and the ledger's fold, until it is
 * rolled back or the horizon is reached. A pause is resumed by a person after an hour. Reproducible from the seed.
 */
export const simulateRamp = ({ pool, migration, seed, horizonMinutes, tickMinutes }: RampSettings): RampOutcome => {
  const random = joinedRandom(seed);
  const engine = createEngine(migration);
  const likeness = createLikenessWindow(pool);
  const draw = createConversations(random, pool);
  const history = createHistory(migration);
  const shortest = Math.min(...migration.stages.map((_, stage) => tickMinutes(stage)));
  const ring = createRing(Math.ceil(LONGEST_DELAY_MINUTES / shortest));
  const pauses: RampOutcome["pauses"][number][] = [];
  const [pages, advances]: [string[], number[]] = [[], []];
  const weather = Array.from({ length: Math.ceil(horizonMinutes / 60) + 3 }, () => weatherOf(random));
  const weatherAt = (minute: number): Weather => weather[Math.floor(minute / 60)] ?? "calm";
  let [ticks, calls, engineMs, resumeAt] = [0, 0, 0, Number.POSITIVE_INFINITY];
  let last: Judgement | null = null;
  let rollback: RampOutcome["rollback"] = null;

  for (let minute = 0; minute < horizonMinutes && rollback === null; ) {
    const stage = Math.min(history.state().stage, migration.stages.length - 1);
    const minutes = tickMinutes(stage);
    const effects = likeness.effects();
    likeness.begin(minute);
    const share = desiredShare(migration, history.state());
    const typesUpTo = typesUpToAt(minute);
    const setting: Setting = { minute, minutes, share, weatherAt, typesUpTo, cellsAfter: ring.after, likeness };
    const starts = poissonFrom(random, (callsPerMinuteAt(minute) * minutes) / CONVERSATION.meanCalls);
    for (let i = 0; i < starts; i++) draw(setting);

    const cells = ring.after(0);
    const to = (minute + minutes) * MINUTE_MS;
    const tick = {
      migration: migration.name,
      from: minute * MINUTE_MS,
      to,
      stage: history.state().stage,
      share,
      calls: cells.calls(),
      samples: cells.samples(),
      designEffects: effects,
    };
    ring.next();
    calls = calls + tick.calls.reduce((sum, each) => sum + (each.segment === "" ? each.calls : 0), 0);
    ticks = ticks + 1;
    const before = performance.now();
    last = engine.step(tick, "outcome");
    const decision = decide(migration, history.state(), last, to);
    engineMs = engineMs + performance.now() - before;
    if (decision.kind !== "continue") history.record({ type: "decision", decision, judgement: null }, to);
    const at = to / MINUTE_MS / 60;
    if (decision.kind === "rollback") rollback = { hour: at, rule: decision.rule, reason: decision.reason };
    if (decision.kind === "advance") advances.push(at);
    if (decision.kind === "page") pages.push(decision.reason);
    if (decision.kind === "pause") {
      pauses.push({ hour: at, rule: decision.rule, reason: decision.reason });
      resumeAt = to + RESUME_AFTER_MS;
    }
    if (to >= resumeAt) {
      history.record({ type: "command", command: "resume", reason: "nothing found" }, to);
      resumeAt = Number.POSITIVE_INFINITY;
    }
    minute += minutes;
  }
  const waitingFor = (last?.verdicts ?? [])
    .filter(({ outcome }) => outcome !== "clear")
    .map((verdict) => `${verdict.rule}${verdict.outcome === "undecided" ? `: ${verdict.why}` : ": breach"}`);
  return {
    seed,
    rollback,
    pauses,
    pages,
    advances,
    waitingFor,
    ticks,
    calls,
    engineMs,
  };
};
