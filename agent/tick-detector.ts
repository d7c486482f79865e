import { evaluationNames } from "../core/evaluation-signal.ts";
import type { Migration } from "../core/migration.ts";
import type { Tick } from "../core/sample.ts";
import type { Judgement } from "../core/verdict.ts";
import { createEngine, type Engine } from "../detectors/engine.ts";
import { narrowTick } from "../detectors/narrow-tick.ts";
import { LEARN_MS } from "../detectors/plan.ts";
import { judgedAudience } from "../lifecycle/stages.ts";
import { judgedFrom, judgedShare, type MigrationState } from "../lifecycle/state.ts";
import { audienceKey } from "../store/fold/audience-sql.ts";
import type { FoldRequest, PastRequest } from "../store/store.ts";

/** Longest slice folded at once when catching up: the store looks back ten minutes for late calls. */
const MAX_SLICE_MS = 60_000;
/** The time before judging begins is folded in slices, none longer than what the store looks back for late calls. */
const LEARN_SLICE_MS = 600_000;
/** Slices folded in one round when catching up, so that a round stays short. */
const MAX_SLICES = 120;

/**
 * How long one round takes stored ticks in, ms. Two weeks of them take minutes, and meanwhile flags have to be served and
 * commands carried out.
 */
const ROUND_MS = 3000;

/**
 * Stored ticks that end further ahead than this are from a clock that was wrong: they were folded before their calls came
 * in. Another agent's clock may be ahead by less.
 */
const AHEAD_MS = 60_000;

/** Turns closed ticks into judgements. */
export interface TickDetector {
  /**
   * Folds and judges every tick that closed by `now`; the newest judgement, or null when no tick closed. Rejects with
   * the store's error; the next call goes on where this one stopped. So it does after three seconds, when there is much
   * to catch up with; the judgement is then one of the past, and `isBehind`.
   */
  readonly catchUp: (state: MigrationState, now: number) => Promise<Judgement | null>;
  /** True while ticks that closed are not judged yet, after a restart or where the store was away. */
  readonly isBehind: () => boolean;
  /** Ticks judged since the process started. */
  readonly judged: () => number;
  /** End of the newest judged tick, epoch ms; null before the first. */
  readonly lastTick: () => number | null;
  /** The newest judgement since the process started; null after a re-arming until the first tick. */
  readonly latest: () => Judgement | null;
}

/** What a judge needs of the store. */
export interface TickStore {
  readonly foldTick: (request: FoldRequest) => Promise<Tick>;
  readonly foldPast: (request: PastRequest) => Promise<Tick>;
  readonly readTicks: (migration: string, sinceMs: number, untilMs?: number) => AsyncIterable<Tick>;
  readonly tickBeyond: (migration: string, afterMs: number) => Promise<number | null>;
}

/** How ticks are cut. Durations are ms. */
export interface TickSettings {
  readonly tickMs: number;
  readonly settleMs: number;
  /** By how much the machine's clock was set not long ago; null for not at all. Default: never. */
  readonly clockStep?: () => number | null;
}

/** What of a document the ticks are folded by. */
const foldedBy = ({ name, segments, segmentOptions, match, rules }: Migration) => ({
  migration: name,
  segments,
  match,
  evaluations: evaluationNames(rules.map(({ signal }) => signal)),
  ruleSignals: rules.flatMap(({ signal }) => (signal === "output_shape" ? [] : [signal])),
  ...(segmentOptions === undefined ? {} : { segmentOptions }),
});

/**
 * A judge for the migration whose document in force `inForce` hands back; after a restart, a re-arming or a revision its engine
 * is rebuilt from the stored ticks. `clock` (ms) says how long a round has taken.
 */
export const createTickDetector = (
  inForce: () => Migration,
  settings: TickSettings,
  store: TickStore,
  clock: () => number,
): TickDetector => {
  const { tickMs, settleMs, clockStep = () => null } = settings;
  let current: { readonly engine: Engine; readonly since: number; readonly hash: string } | null = null;
  let latest: Judgement | null = null;
  let isBehind = false;
  let judged = 0;
  /** Ends of ticks up to here may be taken by ticks that were folded ahead of their time. */
  let takenUntil = Number.NEGATIVE_INFINITY;
  const alignDown = (time: number): number => Math.floor(time / tickMs) * tickMs;

  const fold = (state: MigrationState, from: number, to: number): Promise<Tick> => {
    const migration = inForce();
    const { stage, stageSince } = state;
    const { stages } = migration;
    const clockStepMs = clockStep();
    return store.foldTick({
      ...foldedBy(migration),
      audience: judgedAudience(stages, stage),
      nextAudience: judgedAudience(stages, stage + 1),
      // What comes before the first stage is counted with it: the candidate answers nobody then.
      ...{ from, to, stage: Math.max(stage, 0), share: judgedShare(migration, state) },
      // Whom the flag decided about before a drill had restored the share says nothing of the share.
      routing: { flag: migration.route.flag, stageSince: Math.max(stageSince, state.routedSince) },
      ...(clockStepMs === null ? {} : { clockStepMs }),
    });
  };

  /** A tick is named by its end, and the same end gives the stored one: a taken end is passed by a millisecond. */
  const freeEnd = (to: number): number => (to <= takenUntil ? to + 1 : to);

  /**
   * The ticks of the hour before `origin`: of calls that belonged to no migration yet, and after a re-arming those that
   * were judged then. Calls of the migration that are in none of them land in a last one, which nobody judges.
   */
  async function* ticksBefore(origin: number, state: MigrationState): AsyncGenerator<Tick> {
    const migration = inForce();
    const audience = judgedAudience(migration.stages, state.stage);
    for (let from = origin - LEARN_MS; from < origin; from += LEARN_SLICE_MS) {
      yield await store.foldPast({ migration, audience, from, to: from + LEARN_SLICE_MS });
    }
    let last = origin - LEARN_SLICE_MS;
    for await (const tick of store.readTicks(migration.name, origin - LEARN_MS + 1)) {
      if (tick.to > origin) break;
      last = Math.max(last, tick.to);
      yield tick;
    }
    if (last < origin) yield await fold(state, last, origin);
  }

  /** Whose calls are judged, as stored ticks name them; null = everybody's. */
  const partOf = ({ stage }: MigrationState): string | null => {
    const audience = judgedAudience(inForce().stages, stage);
    return audience === null ? null : audienceKey(audience);
  };

  /** A tick as it is judged; one that was folded without these people has none of their calls. */
  const judgedTick = (tick: Tick, state: MigrationState): Tick =>
    narrowTick(tick, partOf(state)) ?? { ...tick, calls: [], samples: [] };

  const learned = async (state: MigrationState): Promise<Engine> => {
    const engine = createEngine(inForce());
    for await (const tick of ticksBefore(alignDown(judgedFrom(state)), state)) {
      // What is known of other people says nothing of these.
      const own = narrowTick(tick, partOf(state));
      if (own !== null) engine.learn(own);
    }
    return engine;
  };

  /**
   * What was known from before the start, or the re-arming, is known no more, nor is what an earlier revision judged. Nor is what lies ahead, where the clock
   * went back by more than it is waited for: what is known is what the stored ticks up to now say.
   */
  const forget = (state: MigrationState, end: number): void => {
    const since = judgedFrom(state);
    if (current?.since !== since || current.hash !== inForce().hash) [current, latest] = [null, null];
    if ((current?.engine.lastTick() ?? 0) > end + AHEAD_MS) current = null;
  };

  /** Every tick after `seen` that is stored, also by another agent, then those that closed since. */
  async function* ticksAfter(seen: number | null, state: MigrationState, end: number): AsyncGenerator<Tick> {
    const { name } = inForce();
    let last = seen ?? alignDown(judgedFrom(state));
    // Agents that catch up at the same time may cut differently; what a tick holds is disjoint all the same.
    const next = (tick: Tick): Tick => {
      const cut = { ...tick, from: Math.max(tick.from, last) };
      last = tick.to;
      return cut;
    };
    takenUntil = Math.max(takenUntil, (await store.tickBeyond(name, end + AHEAD_MS)) ?? takenUntil);
    for await (const tick of store.readTicks(name, last + 1, takenUntil > end ? end : end + AHEAD_MS)) yield next(tick);
    for (let slices = 0; last < end && slices < MAX_SLICES; slices++) {
      yield next(await fold(state, last, freeEnd(Math.min(end, last + Math.max(MAX_SLICE_MS, tickMs)))));
    }
  }

  return {
    lastTick: () => current?.engine.lastTick() ?? null,
    latest: () => latest,
    isBehind: () => isBehind,
    judged: () => judged,
    catchUp: async (state, now) => {
      const [started, end] = [clock(), alignDown(now - settleMs)];
      forget(state, end);
      // Calls from just before the start have to come in before they are learned from.
      if (end <= alignDown(judgedFrom(state))) return null;
      current ??= { engine: await learned(state), since: judgedFrom(state), hash: inForce().hash };
      const { engine } = current;
      let held: Tick | null = null;
      try {
        for await (const stored of ticksAfter(engine.lastTick(), state, end)) {
          const tick = judgedTick(stored, state);
          // Only the last one is judged in full: it says all that the ones before it did.
          if (held !== null) engine.replay(held);
          held = tick;
          judged += 1;
          if (clock() - started >= ROUND_MS) break;
        }
      } finally {
        if (held !== null) latest = engine.step(held);
        isBehind = (engine.lastTick() ?? end) < end;
      }
      return held === null ? null : latest;
    },
  };
};
