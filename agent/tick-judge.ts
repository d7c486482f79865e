import type { Migration } from "../core/migration.ts";
import type { Tick } from "../core/sample.ts";
import type { Judgement } from "../core/verdict.ts";
import { createEngine, type Engine } from "../detectors/engine.ts";
import { type MigrationState, stageShare } from "../detectors/history.ts";
import type { FoldRequest } from "../store/store.ts";

/** Longest slice folded at once when catching up: the store looks back ten minutes for late calls. */
const MAX_SLICE_MS = 60_000;
/** Slices folded in one round when catching up, so that a round stays short. */
const MAX_SLICES = 120;

/** Turns closed ticks into judgements. */
export interface TickJudge {
  /**
   * Folds and judges every tick that closed by `now`; the newest judgement, or null when no tick closed. Rejects with
   * the store's error; the next call goes on where this one stopped.
   */
  readonly catchUp: (state: MigrationState, now: number) => Promise<Judgement | null>;
  /** End of the newest judged tick, epoch ms; null before the first. */
  readonly lastTick: () => number | null;
  /** The newest judgement since the process started. */
  readonly latest: () => Judgement | null;
}

/** A judge for `migration`; after a restart or a re-arming its engine is rebuilt from the stored ticks. */
export const createTickJudge = (
  migration: Migration,
  settings: { readonly tickMs: number; readonly settleMs: number },
  store: {
    readonly foldTick: (request: FoldRequest) => Promise<Tick>;
    readonly readTicks: (migration: string, sinceMs: number) => AsyncIterable<Tick>;
  },
): TickJudge => {
  let current: { readonly engine: Engine; readonly since: number } | null = null;
  let latest: Judgement | null = null;
  const alignDown = (time: number): number => Math.floor(time / settings.tickMs) * settings.tickMs;

  const engineFor = async ({ since }: MigrationState): Promise<Engine> => {
    if (current?.since === since) return current.engine;
    const engine = createEngine(migration);
    let held: Tick | null = null;
    // One tick is held back so that the last one yields a judgement: people see where things stand after a restart.
    for await (const tick of store.readTicks(migration.name, since)) {
      if (tick.from < alignDown(since)) continue;
      if (held !== null) engine.replay(held);
      held = tick;
    }
    latest = held === null ? null : engine.step(held);
    current = { engine, since };
    return engine;
  };

  return {
    lastTick: () => current?.engine.lastTick() ?? null,
    latest: () => latest,
    catchUp: async (state, now) => {
      const engine = await engineFor(state);
      const end = alignDown(now - settings.settleMs);
      let judgement: Judgement | null = null;
      for (let slices = 0; slices < MAX_SLICES; slices++) {
        const from: number = engine.lastTick() ?? alignDown(state.since);
        if (from >= end) break;
        const to = Math.min(end, from + Math.max(MAX_SLICE_MS, settings.tickMs));
        const share = stageShare(migration, state.stage);
        const { name, segments } = migration;
        const tick = await store.foldTick({ migration: name, from, to, stage: state.stage, share, segments });
        judgement = engine.step(tick);
        latest = judgement;
      }
      return judgement;
    },
  };
};
