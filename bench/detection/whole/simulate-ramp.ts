import type { LedgerEntry, LedgerEvent } from "../../../core/ledger.ts";
import type { Migration } from "../../../core/migration.ts";
import { OVERALL, type Tick } from "../../../core/sample.ts";
import type { Decision, Judgement } from "../../../core/verdict.ts";
import { createEngine } from "../../../detectors/engine.ts";
import { decide } from "../../../lifecycle/decide.ts";
import { firstCanaryShare } from "../../../lifecycle/stages.ts";
import { desiredShare, type MigrationState, NOT_STARTED } from "../../../lifecycle/state.ts";
import { applyEntry } from "../../../lifecycle/transitions.ts";
import type { ConversationPool } from "./conversation-pool.ts";
import { createConversations, type Setting, type Weather } from "./draw-conversation.ts";
import { CONVERSATION, callsPerMinuteAt, INCIDENTS, typesUpToAt } from "./healthy-app.ts";
import { joinedRandom, poissonFrom } from "./joined-random.ts";
import { createLikenessWindow } from "./likeness-window.ts";
import { createTickCells, type TickCells } from "./tick-cells.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** A person looks at a pause after this long, finds nothing wrong and resumes. */
const RESUME_AFTER_MS = HOUR_MS;

/** What a run is made of; times in minutes. */
export interface RampSettings {
  readonly pool: ConversationPool;
  readonly migration: Migration;
  readonly seed: number;
  readonly horizonMinutes: number;
  /**
   * Length of the next tick in a stage that is `age` minutes old. Short while a stage is young: in a tick that holds two
   * shares and two hours the arms would be compared at different times, which real ticks of seconds do not do.
   */
  readonly tickMinutes: (stage: number, age: number) => number;
  /** Share of the canary's calls that fail for a reason of its own; 0 = equal arms, the default. */
  readonly canaryFailures?: number;
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
  /** Time in the engine and decide(), ms. */
  readonly engineMs: number;
}

const weatherOf = (random: () => number): Weather => {
  const at = random();
  if (at < INCIDENTS.slow) return "slow";
  return at < INCIDENTS.slow + INCIDENTS.failing ? "failing" : "calm";
};

/** What is to be counted in a minute that is still to come. */
const createLater = (cells: TickCells) => {
  const waiting = new Map<number, ((cells: TickCells) => void)[]>();
  return {
    /** Counts at once what lies before `end`, and keeps the rest. */
    at: (end: number, minute: number, count: (cells: TickCells) => void): void => {
      const due = Math.floor(minute);
      const others = waiting.get(due);
      if (minute < end) count(cells);
      else if (others === undefined) waiting.set(due, [count]);
      else others.push(count);
    },
    /** Counts what was kept for the minutes from `minute` up to `end`. */
    drain: (minute: number, end: number): void => {
      for (let due = minute; due < end; due++) {
        for (const count of waiting.get(due) ?? []) count(cells);
        waiting.delete(due);
      }
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
  record({ type: "started", hash: migration.hash, stage: 0, share: firstCanaryShare(migration.stages) }, 0);
  return { state: () => state, record };
};

/** Draws the ticks of a run, one after the other. */
const createTraffic = ({ pool, migration, seed, horizonMinutes, canaryFailures = 0 }: RampSettings) => {
  const random = joinedRandom(seed);
  const likeness = createLikenessWindow(pool);
  const draw = createConversations(random, pool);
  const cells = createTickCells();
  const later = createLater(cells);
  const weather = Array.from({ length: Math.ceil(horizonMinutes / 60) + 3 }, () => weatherOf(random));
  const weatherAt = (minute: number): Weather => weather[Math.floor(minute / 60)] ?? "calm";

  /** The tick of `minutes` that begins at `minute`; design effects are those of the calls before it. */
  return (minute: number, minutes: number, stage: number, share: number): Tick => {
    const designEffects = likeness.effects();
    likeness.begin(minute);
    const typesUpTo = typesUpToAt(minute);
    const end = minute + minutes;
    const at: Setting["at"] = (due, count) => later.at(end, due, count);
    const setting: Setting = { minute, minutes, share, weatherAt, typesUpTo, at, likeness, canaryFailures };
    cells.clear();
    later.drain(minute, end);
    const starts = poissonFrom(random, (callsPerMinuteAt(minute) * minutes) / CONVERSATION.meanCalls);
    for (let i = 0; i < starts; i++) draw(setting);
    const [from, to] = [minute * MINUTE_MS, end * MINUTE_MS];
    const [calls, samples] = [cells.calls(), cells.samples()];
    return { migration: migration.name, from, to, stage, share, calls, samples, designEffects };
  };
};

/** Keeps what was decided, and has a person resume an hour after a pause. */
const createLog = (history: ReturnType<typeof createHistory>) => {
  let [rollback, resumeAt]: [RampOutcome["rollback"], number] = [null, Number.POSITIVE_INFINITY];
  const [pauses, pages, advances]: [RampOutcome["pauses"][number][], string[], number[]] = [[], [], []];
  return {
    pauses,
    pages,
    advances,
    rollback: () => rollback,
    take: (decision: Decision, at: number): void => {
      if (decision.kind !== "continue") history.record({ type: "decision", decision, judgement: null }, at);
      const hour = at / HOUR_MS;
      if (decision.kind === "rollback") rollback = { hour, rule: decision.rule, reason: decision.reason };
      if (decision.kind === "advance") advances.push(hour);
      if (decision.kind === "page") pages.push(decision.reason);
      if (decision.kind === "pause") {
        pauses.push({ hour, rule: decision.rule, reason: decision.reason });
        resumeAt = at + RESUME_AFTER_MS;
      }
      if (at < resumeAt) return;
      history.record({ type: "command", command: "resume", reason: "nothing found" }, at);
      resumeAt = Number.POSITIVE_INFINITY;
    },
  };
};

const openQuestions = (judgement: Judgement | null): readonly string[] =>
  (judgement?.verdicts ?? [])
    .filter(({ outcome }) => outcome !== "clear")
    .map((verdict) => `${verdict.rule}: ${verdict.outcome === "undecided" ? verdict.why : "breach"}`);

/**
 * One migration of two equal arms, tick by tick, through the shipped engine, decide() and the ledger's fold, until it is
 * rolled back or the horizon is reached. A pause is resumed by a person after an hour. Reproducible from the seed.
 */
export const simulateRamp = (settings: RampSettings): RampOutcome => {
  const { migration, seed, horizonMinutes, tickMinutes } = settings;
  const engine = createEngine(migration);
  const nextTick = createTraffic(settings);
  const history = createHistory(migration);
  const log = createLog(history);
  let [ticks, calls, engineMs] = [0, 0, 0];
  let last: Judgement | null = null;

  for (let minute = 0; minute < horizonMinutes && log.rollback() === null; ticks++) {
    const { stage, stageSince } = history.state();
    const minutes = tickMinutes(stage, minute - stageSince / MINUTE_MS);
    const tick = nextTick(minute, minutes, stage, desiredShare(migration, history.state()));
    calls += tick.calls.reduce((sum, each) => sum + (each.segment === OVERALL ? each.calls : 0), 0);
    const before = performance.now();
    last = engine.step(tick, "outcome");
    const decision = decide(migration, history.state(), last, tick.to);
    engineMs += performance.now() - before;
    log.take(decision, tick.to);
    minute += minutes;
  }
  const { pauses, pages, advances } = log;
  return {
    seed,
    rollback: log.rollback(),
    pauses,
    pages,
    advances,
    waitingFor: openQuestions(last),
    ticks,
    calls,
    engineMs,
  };
};
