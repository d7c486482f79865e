import type { LedgerEntry } from "../../core/ledger.ts";
import type { Migration } from "../../core/migration.ts";
import type { Tick } from "../../core/sample.ts";
import { idInMigration, startedKey } from "../../lifecycle/ledger-ids.ts";
import { createReplay, type RuleReplay } from "./replay.ts";

/** What one run over two equal halves came to. Times are epoch ms. */
export interface HalvesRun {
  readonly rules: readonly RuleReplay[];
  /** Canary calls between the moment a regression was put in and the first breach of each rule, in order of `rules`. */
  readonly callsToBreach: readonly (number | null)[];
}

/** The migration as it is judged on halves: one stage that nobody leaves, so that no ramp depends on a verdict. */
const heldAt = (migration: Migration, share: number): Migration => ({
  ...migration,
  stages: [{ kind: "canary", share, forMs: Number.MAX_SAFE_INTEGER, approval: true }],
});

const startedAt = ({ name, hash }: Migration, at: number, share: number): LedgerEntry => ({
  id: idInMigration(name, startedKey),
  at,
  migration: name,
  by: "backtest",
  incident: "",
  event: { type: "started", hash, stage: 0, share },
});

const canaryCalls = (tick: Tick): number =>
  tick.calls.reduce((sum, { cohort, segment, calls }) => sum + (cohort === "canary" && segment === "" ? calls : 0), 0);

/** How often one looks whether every rule that is waited for has been breached. */
const LOOK_EVERY = 60;

/**
 * Judges the ticks of one dealing. `until` is asked now and then whether the run may end early; `seen` is told of every
 * tick. A regression, if any, was put in at `since`.
 */
export const runHalves = async (
  migration: Migration,
  ticks: AsyncIterable<Tick>,
  settings: { readonly from: number; readonly share: number; readonly everyMs: number; readonly since: number },
  { until, seen }: { readonly until: (rules: readonly RuleReplay[]) => boolean; readonly seen: (tick: Tick) => void },
): Promise<HalvesRun> => {
  const { from, share, everyMs, since } = settings;
  const replay = createReplay(heldAt(migration, share), [startedAt(migration, from, share)], {
    tickMs: everyMs,
    settleMs: 0,
    from: null,
  });
  const callsBy = new Map<number, number>();
  let [calls, count] = [0, 0];
  for await (const tick of ticks) {
    replay.step(tick);
    seen(tick);
    if (tick.from >= since) calls += canaryCalls(tick);
    callsBy.set(tick.to, calls);
    if (++count % LOOK_EVERY === 0 && until(replay.result().rules)) break;
  }
  const { rules } = replay.result();
  return {
    rules,
    callsToBreach: rules.map(({ breach }) => (breach === null ? null : (callsBy.get(breach.at) ?? null))),
  };
};
