// npm run bench:decision [-- --short]: from the call that proves a breach to the decision in the ledger, in real time.
import { setTimeout as sleep } from "node:timers/promises";
import { quantile } from "../instrumentation/quantile.ts";
import { type BenchAgent, startBenchAgent } from "./agent.ts";
import { type EndedCall, exportRequest } from "./spans.ts";

/** The defaults of leeway.yaml. */
const [TICK_MS, SETTLE_MS] = [5000, 2000];

const isShort = process.argv.includes("--short");
const MIGRATIONS = isShort ? 8 : 40;
const HEALTHY_MS = 15_000;
/** Failures begin this long apart, so that they fall on every place within a tick. */
const APART_MS = isShort ? 630 : 430;
const STEP_MS = 200;
const LONGEST_MS = 60_000;

const names = Array.from({ length: MIGRATIONS }, (_, at) => `m${String(at).padStart(2, "0")}`);
const start = Date.now() + 1000;
const failsFrom = (at: number): number => start + HEALTHY_MS + at * APART_MS;

/** What one migration's app does in one step: two calls of the canary, eight of the baseline. */
const callsOf = (service: string, at: number, now: number): readonly EndedCall[] =>
  Array.from({ length: 10 }, (_, call) => ({
    service,
    cohort: call < 2 ? "canary" : "baseline",
    failed: call < 2 && now >= failsFrom(at),
    endedAt: now - call,
  }));

interface Decided {
  readonly migration: string;
  readonly written: number;
  readonly tickEnd: number;
}

const decisions = async (agent: BenchAgent): Promise<readonly Decided[]> =>
  agent.query<Decided>(`SELECT migration, min(toUnixTimestamp64Micro(written)) / 1000 AS written,
    min(JSONExtractInt(event, 'judgement', 'at')) AS tickEnd
    FROM ledger WHERE type = 'decision' AND JSONExtractString(event, 'decision', 'kind') = 'rollback'
    GROUP BY migration`);

const drive = async (agent: BenchAgent): Promise<readonly Decided[]> => {
  for (let now = start; ; now += STEP_MS) {
    await sleep(Math.max(0, now - Date.now()));
    await agent.send(exportRequest(names.flatMap((name, at) => callsOf(name, at, Date.now()))));
    if (((now - start) / STEP_MS) % 25 !== 0) continue;
    const decided = await decisions(agent);
    if (decided.length === MIGRATIONS || now > failsFrom(MIGRATIONS) + LONGEST_MS) return decided;
  }
};

const line = (name: string, values: readonly number[]): void => {
  const cells = [0.5, 0.95, 1].map((share) => String(Math.round(quantile(values, share))).padStart(9));
  process.stdout.write(`${name.padEnd(58)}${cells.join("")}\n`);
};

const agent = await startBenchAgent(names);
try {
  const decided = await drive(agent);
  process.stdout.write(`${decided.length} of ${MIGRATIONS} migrations rolled back\n`);
  process.stdout.write(`${"ms".padEnd(58)}      p50      p95      max\n`);
  line(
    "end of the deciding tick to the decision in the ledger",
    decided.map(({ written, tickEnd }) => written - tickEnd),
  );
  // The deciding call ended somewhere within the deciding tick; taken to be its first moment, or the first failure.
  const waits = decided.map(({ migration, written, tickEnd }) => {
    const firstFailure = failsFrom(names.indexOf(migration));
    return written - Math.max(tickEnd - TICK_MS, firstFailure);
  });
  line("earliest moment of the deciding call to the decision", waits);
  const limit = TICK_MS + SETTLE_MS + 1000;
  const p95 = quantile(waits, 0.95);
  process.stdout.write(
    `p95 is ${(p95 / limit).toFixed(2)} of tick + settle + 1 s (${limit} ms)${p95 > limit ? ": MISSED" : ""}\n`,
  );
  process.exitCode = decided.length === MIGRATIONS && p95 <= limit ? 0 : 1;
} finally {
  await agent.close();
}
