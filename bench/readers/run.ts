// npm run bench:readers [-- --short]: what 40 heavy statements of readers at once cost the engine's process in memory.
// Exit 1 when all of them together take more than they may.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmbedded } from "../../store/embedded/start-embedded.ts";

const isShort = process.argv.includes("--short");
const AT_ONCE = isShort ? 9 : 40;
const BOUND_MIB = 1024;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const NUMBERS = Array.from({ length: 3 }, (_, i) => `x${i}`).join("");

/** Statements that take as much as they are let. */
const HEAVY: readonly (readonly [name: string, sql: string])[] = [
  ["groupArray of long texts", "SELECT length(groupArray(repeat('x', 1000))) FROM numbers(50000000)"],
  ["group by many keys", "SELECT count() FROM (SELECT number AS k, count() FROM numbers(100000000) GROUP BY k)"],
  [
    "sort of all",
    "SELECT max(k) FROM (SELECT sipHash64(number) AS k, repeat('x', 100) AS t FROM numbers(50000000) ORDER BY k, t)",
  ],
  ["uniqExact", "SELECT uniqExact(sipHash128(number)) FROM numbers(100000000)"],
  ["an answer of 31 MB", "SELECT repeat('x', 1000000) FROM numbers(31) FORMAT JSONEachRow"],
  ["long names of columns", `SELECT 1 AS ${NUMBERS.repeat(300)} FROM numbers(900000) FORMAT JSONEachRow`],
];

const folder = mkdtempSync(join(tmpdir(), "leeway-readers-"));
const engine = await startEmbedded(
  { dir: folder, port: 0, hosts: [], readable: ["d"] },
  {
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    now: () => performance.now(),
  },
);

const mibOf = (field: string): number =>
  Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${engine.pid()}/status`, "utf8"))?.[1]) / 1024;

const headers = { "x-clickhouse-user": engine.reader.user, "x-clickhouse-key": engine.reader.password };

const ask = async (sql: string): Promise<string> => {
  const url = `${engine.url}/?enable_http_compression=1`;
  const answer = await fetch(url, { method: "POST", body: sql, headers: { ...headers, "accept-encoding": "gzip" } });
  const text = await answer.text();
  return answer.ok ? "answered" : (/\(([A-Z_]+)\)\s*\(version/.exec(text)?.[1] ?? String(answer.status));
};

/** Asks for an answer and does not take it. */
const askAndWait = (sql: string): { readonly end: () => void } => {
  const sent = request(engine.url, { method: "POST", headers }, (answer) => answer.pause());
  sent.on("error", () => undefined).end(sql);
  return { end: () => sent.destroy() };
};

const createUser = async (): Promise<void> => {
  const admin = { "x-clickhouse-user": engine.user, "x-clickhouse-key": engine.password };
  await fetch(engine.url, { method: "POST", body: "CREATE DATABASE d ENGINE = Atomic", headers: admin });
};

await createUser();
await ask("SELECT 1");
const before = mibOf("VmRSS");
let peak = before;
const watching = new AbortController();
const watch = (async (): Promise<void> => {
  while (!watching.signal.aborted) {
    peak = Math.max(peak, mibOf("VmRSS"));
    await sleep(20);
  }
})();

const outcomes: string[] = [];
for (const [name, sql] of HEAVY) {
  peak = mibOf("VmRSS");
  const start = performance.now();
  const ended = await Promise.all(Array.from({ length: AT_ONCE }, () => ask(sql)));
  const counts = [...Map.groupBy(ended, (each) => each)].map(([what, all]) => `${all.length} ${what}`);
  outcomes.push(
    `| ${name} | ${AT_ONCE} | ${counts.join(", ")} | ${Math.round(peak - before)} | ${((performance.now() - start) / 1000).toFixed(1)} |`,
  );
}
peak = mibOf("VmRSS");
const lazy = Array.from({ length: AT_ONCE }, () => askAndWait(HEAVY[4]?.[1] ?? ""));
await sleep(isShort ? 3_000 : 10_000);
outcomes.push(`| answers nobody fetches | ${AT_ONCE} | waiting | ${Math.round(peak - before)} | - |`);
for (const each of lazy) each.end();
watching.abort();
await watch;
const highest = mibOf("VmHWM");

print(`engine at rest ${Math.round(before)} MiB, highest ${Math.round(highest)} MiB\n`);
print("| statement | at once | ended as | MiB above rest | seconds |");
print("| --- | --- | --- | --- | --- |");
for (const line of outcomes) print(line);
const over = highest - before;
print(`\n${over <= BOUND_MIB ? "within" : "BEYOND"} ${BOUND_MIB} MiB for all readers: ${Math.round(over)} MiB`);
await engine.close();
rmSync(folder, { recursive: true, force: true });
process.exitCode = over <= BOUND_MIB ? 0 : 1;
