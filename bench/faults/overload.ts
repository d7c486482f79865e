// npm run bench:overload [-- --short]: an agent under one to three times the load it can take, and what else it has to do meanwhile.
import { setTimeout as sleep } from "node:timers/promises";
import { type BenchAgent, startBenchAgent } from "../decision/agent.ts";
import { quantile } from "../instrumentation/quantile.ts";
import type { LoadResult } from "./load.ts";
import { type Probes, probeAgent } from "./probe-agent.ts";
import { runSender } from "./run-sender.ts";

const isShort = process.argv.includes("--short");
const SECONDS = isShort ? 10 : 40;
const CAPACITY_SECONDS = isShort ? 6 : 15;
const SPANS_PER_REQUEST = 200;
const LOADS = [0, 1, 2, 3];
const CONNECTIONS = 200;
const [TICK_MS, SETTLE_MS] = [1000, 2000];
const ROLLBACK_P99_MS = 1000;
const PATIENCE_MS = 120_000;

const [JUDGED, COMMANDED] = ["judged", "commanded"] as const;

interface Counted {
  readonly n: number;
}

/** Waits until everything acknowledged is in the store. */
const drained = async (agent: BenchAgent): Promise<void> => {
  for (let waited = 0; waited < PATIENCE_MS; waited += 500) {
    const metrics = await (await fetch(`${agent.urls.agent}/metrics`)).text();
    if (/^leeway_spool_rows 0$/m.test(metrics)) return;
    await sleep(500);
  }
  throw new Error("the spool was not stored in time");
};

const rowsOf = async (agent: BenchAgent, service: string): Promise<number> =>
  Number(
    (
      await agent.query<Counted>(`SELECT uniqExact(trace_id, span_id) AS n FROM llm_spans WHERE service = '${service}'`)
    )[0]?.n,
  );

const ms = (values: readonly number[], share: number): string =>
  values.length === 0 ? "–" : String(Math.round(quantile(values, share)));

const print = (text: string): void => void process.stdout.write(`${text}\n`);

const answersText = (answers: LoadResult["answers"]): string =>
  Object.entries(answers)
    .map(([answer, count]) => `${answer}: ${count}`)
    .join(", ");

const printRow = (name: string, load: LoadResult | null, probes: Probes, rows: number): void => {
  print(`\n${name}`);
  if (load !== null) {
    const { answers, acknowledgedMs, refusedMs, retryAfter, acknowledgedSpans } = load;
    print(`  requests by answer       ${answersText(answers)}`);
    print(`  acknowledged spans/s     ${Math.round(acknowledgedSpans / SECONDS)}`);
    print(`  acknowledge ms           p50 ${ms(acknowledgedMs, 0.5)}  p99 ${ms(acknowledgedMs, 0.99)}`);
    print(`  refuse ms                p50 ${ms(refusedMs, 0.5)}  p99 ${ms(refusedMs, 0.99)}`);
    print(`  Retry-After s            ${ms(retryAfter, 0)} to ${ms(retryAfter, 1)} on ${retryAfter.length} answers`);
    print(`  spans acknowledged       ${acknowledgedSpans}, rows in the store ${rows}`);
  }
  for (const what of ["healthz", "ofrep", "rollback", "rearm"] as const) {
    const values = probes[what];
    const times = `p50 ${ms(values, 0.5)}  p99 ${ms(values, 0.99)}  max ${ms(values, 1)}`;
    print(`  ${`${what} ms`.padEnd(25)}${times}  of ${values.length}`);
  }
  print(`  judging late by ms       p50 ${ms(probes.judging, 0.5)}  max ${ms(probes.judging, 1)}`);
  for (const problem of probes.problems) print(`  status says              ${problem}`);
  for (const failure of probes.failures) print(`  FAILED                   ${failure}`);
};

const agent = await startBenchAgent([JUDGED, COMMANDED], [`tick: ${TICK_MS}ms`, `settle: ${SETTLE_MS}ms`]);
const order = { url: agent.urls.collector, spansPerRequest: SPANS_PER_REQUEST, connections: CONNECTIONS };
const probed = { url: agent.urls.agent, commanded: COMMANDED, judged: JUDGED, tickMs: TICK_MS, settleMs: SETTLE_MS };
const missed: string[] = [];
try {
  await runSender({ ...order, service: "warm", seconds: 3, perSecond: null, connections: 4 });
  const best = await runSender({
    ...order,
    service: "capacity",
    seconds: CAPACITY_SECONDS,
    perSecond: null,
    connections: 8,
  });
  await drained(agent);
  const perSecond = (best.answers["200"] ?? 0) / CAPACITY_SECONDS;
  print(`capacity: ${Math.round(perSecond)} requests/s of ${SPANS_PER_REQUEST} spans (${answersText(best.answers)})`);

  for (const load of LOADS) {
    const service = `load${load}x`;
    const sending =
      load === 0
        ? sleep(SECONDS * 1000).then(() => null)
        : runSender({ ...order, service, seconds: SECONDS, perSecond: perSecond * load });
    const [sent, probes] = await Promise.all([sending, probeAgent(probed, sending)]);
    await drained(agent);
    const rows = sent === null ? 0 : await rowsOf(agent, service);
    printRow(`${load}x: ${Math.round(perSecond * load)} requests/s for ${SECONDS} s`, sent, probes, rows);
    if (sent !== null && rows < sent.acknowledgedSpans) missed.push(`${service}: acknowledged spans are missing`);
    if (quantile(probes.rollback, 0.99) > ROLLBACK_P99_MS) missed.push(`${service}: rollback p99 beyond 1 s`);
    if (probes.failures.length > 0) missed.push(`${service}: ${probes.failures.join("; ")}`);
  }
  print(`\nthe agent's log:\n${agent.output().split("\n").slice(-12).join("\n")}`);
} finally {
  await agent.close();
}
print(missed.length === 0 ? "all of it held" : `MISSED:\n${missed.join("\n")}`);
process.exitCode = missed.length === 0 ? 0 : 1;
