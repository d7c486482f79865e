// npm run bench:decision [-- --short] [-- --migrations=8]: from the call that proves a breach to the decision in the ledger, in real time.
import { setTimeout as sleep } from "node:timers/promises";
import { quantile } from "../instrumentation/quantile.ts";
import { type BenchAgent, startBenchAgent } from "./agent.ts";
import { type EndedCall, exportRequest } from "./spans.ts";

/** The defaults of leeway.yaml. */
const [TICK_MS, SETTLE_MS] = [5000, 2000];

const isShort = process.argv.includes("--short");
const given = process.argv.find((argument) => argument.startsWith("--migrations="))?.slice(13);
/** Migrations of one agent, all judged in every tick. */
const MIGRATIONS = Number(given ?? 8);
/** Agents, one after the other. */
const ROUNDS = isShort ? 1 : 4;
const HEALTHY_MS = 15_000;
/** Failures begin this long apart, so that they fall on every place within a tick. */
const APART_MS = 630;
const STEP_MS = 200;
const LONGEST_MS = 60_000;

const names = Array.from({ length: MIGRATIONS }, (_, at) => `m${String(at).padStart(2, "0")}`);
const failsFrom = (start: number, at: number): number => start + HEALTHY_MS + at * APART_MS;

/** What one migration's app does in one step: two calls of the canary, eight of the baseline. */
const callsOf = (service: string, failsAt: number, now: number): readonly EndedCall[] =>
  Array.from({ length: 10 }, (_, call) => ({
    service,
    cohort: call < 2 ? "canary" : "baseline",
    failed: call < 2 && now >= failsAt,
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

/** One agent's traffic until every migration is decided. */
const drive = async (agent: BenchAgent, start: number): Promise<readonly Decided[]> => {
  for (let now = start; ; now += STEP_MS) {
    await sleep(Math.max(0, now - Date.now()));
    await agent.send(exportRequest(names.flatMap((name, at) => callsOf(name, failsFrom(start, at), Date.now()))));
    if (((now - start) / STEP_MS) % 25 !== 0) continue;
    const decided = await decisions(agent);
    if (decided.length === MIGRATIONS || now > failsFrom(start, MIGRATIONS) + LONGEST_MS) return decided;
  }
};

/** Waits in ms of one decision. */
interface Waits {
  readonly afterTick: number;
  readonly afterCall: number;
}

const measure = async (): Promise<readonly Waits[]> => {
  const agent = await startBenchAgent(names);
  try {
    const start = Date.now() + 1000;
    return (await drive(agent, start)).map(({ migration, written, tickEnd }) => {
      // The deciding call ended somewhere within the deciding tick; taken to be its first moment, or the first failure.
      const earliest = Math.max(tickEnd - TICK_MS, failsFrom(start, names.indexOf(migration)));
      return { afterTick: written - tickEnd, afterCall: written - earliest };
    });
  } finally {
    await agent.close();
  }
};

const line = (name: string, values: readonly number[]): void => {
  const cells = [0.5, 0.95, 1].map((share) => String(Math.round(quantile(values, share))).padStart(9));
  process.stdout.write(`${name.padEnd(58)}${cells.join("")}\n`);
};

const waits: Waits[] = [];
for (let round = 0; round < ROUNDS; round += 1) waits.push(...(await measure()));
const [expected, limit] = [ROUNDS * MIGRATIONS, TICK_MS + SETTLE_MS + 1000];
process.stdout.write(`${waits.length} of ${expected} migrations rolled back, ${MIGRATIONS} in an agent\n`);
process.stdout.write(`${"ms".padEnd(58)}      p50      p95      max\n`);
line(
  "end of the deciding tick to the decision in the ledger",
  waits.map(({ afterTick }) => afterTick),
);
line(
  "earliest moment of the deciding call to the decision",
  waits.map(({ afterCall }) => afterCall),
);
const p95 = quantile(
  waits.map(({ afterCall }) => afterCall),
  0.95,
);
const isMissed = p95 > limit;
process.stdout.write(
  `p95 is ${(p95 / limit).toFixed(2)} of tick + settle + 1 s (${limit} ms)${isMissed ? ": MISSED" : ""}\n`,
);
process.exitCode = waits.length === expected && !isMissed ? 0 : 1;
