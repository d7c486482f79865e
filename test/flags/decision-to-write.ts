import { setTimeout as sleep } from "node:timers/promises";
import { type BenchTarget, startBenchAgent } from "../../bench/decision/agent.ts";
import { exportRequest } from "../../bench/decision/spans.ts";
import { quantile } from "../../bench/instrumentation/quantile.ts";
import type { LedgerEvent } from "../../core/ledger.ts";

/** Time from a decision to the flag system's answer to the write, ms. */
export interface DecisionToWrite {
  readonly rollbacks: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

const STEP_MS = 200;
const HEALTHY_MS = 10_000;
/** They turn bad one after the other: what is measured is one flip, not a queue of them. */
const APART_MS = 1_700;
const LONGEST_MS = 90_000;

interface Row {
  readonly migration: string;
  readonly at: number;
  readonly event: string;
}

/** Waits of the migrations whose flag was written off, by what the ledger says of both moments. */
const waitsIn = (rows: readonly Row[]): readonly number[] => {
  const decidedAt = new Map<string, number>();
  const waits: number[] = [];
  for (const { migration, at, event: text } of rows) {
    const event = JSON.parse(text) as LedgerEvent;
    if (event.type === "decision" && event.decision.kind === "rollback") decidedAt.set(migration, at);
    const isOff = event.type === "flip-result" && event.write.outcome === "written" && event.write.state.share === 0;
    const decided = decidedAt.get(migration);
    if (isOff && decided !== undefined) waits.push(at - decided);
  }
  return waits;
};

/**
 * A real agent with one migration per name, whose candidates all turn bad; in real time. `names` are also those of their flags,
 * which `target` (default: the builtin one) already has.
 */
export const measureDecisionToWrite = async (
  names: readonly string[],
  target?: BenchTarget,
): Promise<DecisionToWrite> => {
  const agent = await startBenchAgent(names, ["tick: 1s", "settle: 500ms"], target);
  try {
    const start = Date.now();
    let waits: readonly number[] = [];
    for (let step = 0; waits.length < names.length && Date.now() - start < LONGEST_MS; step += 1) {
      const now = Date.now();
      const calls = names.flatMap((service, at) =>
        Array.from({ length: 10 }, (_, call) => ({
          service,
          cohort: call < 2 ? ("canary" as const) : ("baseline" as const),
          failed: call < 2 && now - start > HEALTHY_MS + at * APART_MS,
          endedAt: now - call,
        })),
      );
      await agent.send(exportRequest(calls));
      await sleep(STEP_MS);
      if (step % 10 !== 9) continue;
      const sql = `SELECT migration, toUnixTimestamp64Milli(at) AS at, event FROM ledger
        WHERE type IN ('decision', 'flip-result') ORDER BY at, type`;
      waits = waitsIn(await agent.query<Row>(sql));
    }
    const [p50 = 0, p95 = 0, max = 0] = [0.5, 0.95, 1].map((share) => Math.round(quantile(waits, share)));
    return { rollbacks: waits.length, p50, p95, max };
  } finally {
    await agent.close();
  }
};
