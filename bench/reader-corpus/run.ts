// npm run test:reader-corpus [-- --short]: everything an engine has, tried as its reader: is a file read, written, a
// machine reached? Once through the HTTP interface, once on the engine alone in the reader's role. Exit 1 when one is.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadChdb, openEngine } from "../../store/embedded/engine.ts";
import { startEmbedded } from "../../store/embedded/start-embedded.ts";
import { askEngine, askInterface, entriesOf } from "./ask.ts";
import { putOut } from "./canaries.ts";
import { isForeseen } from "./foreseen.ts";
import { type KindResult, runCorpus } from "./run-corpus.ts";
import { sampleOf } from "./sample.ts";

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const isShort = process.argv.includes("--short");
const parts = {
  log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  now: () => performance.now(),
};

const printTable = (title: string, results: readonly KindResult[]): void => {
  print(`\n${title}\n`);
  print("| entries | how many | asked | refused | answered | canaries read, written, reached |");
  print("| --- | --- | --- | --- | --- | --- |");
  for (const { kind, entries, asked, refused, answered, harms } of results) {
    const by = Map.groupBy(harms, ({ attempt, harm }) => `${attempt.entry} ${harm}`);
    const shown = [...by].map(([what, all]) => `${what} (${all.length})`).join(", ") || "none";
    print(`| ${kind} | ${entries} | ${asked} | ${refused} | ${answered} | ${shown} |`);
  }
};

const folder = mkdtempSync(join(tmpdir(), "leeway-corpus-"));
const canaries = await putOut();
const chdb = loadChdb();
if (chdb === null) throw new Error("chdb is not installed");
const engine = await openEngine({ dir: join(folder, "alone"), memoryBytes: 4e9, readable: ["d"] }, chdb);
const embedded = await startEmbedded({ dir: join(folder, "store"), port: 0, hosts: [], readable: ["d"] }, parts);
const admin = async (sql: string): Promise<string> => {
  const job = { role: "admin", format: "TSVRaw", database: "", settings: [], params: [], readonly: false } as const;
  return Buffer.from((await engine.run({ ...job, sql })).bytes).toString();
};
const SETUP = [
  "CREATE DATABASE d ENGINE = Atomic",
  "CREATE TABLE d.t (a UInt8) ENGINE = MergeTree ORDER BY a",
  "INSERT INTO d.t SELECT 1",
];
for (const sql of SETUP) {
  await admin(sql);
  const headers = { "x-clickhouse-user": embedded.user, "x-clickhouse-key": embedded.password };
  const answer = await fetch(embedded.url, { method: "POST", body: sql, headers });
  if (!answer.ok) throw new Error(await answer.text());
}
const all = await entriesOf(async (sql) => (await admin(sql)).trim().split("\n"));
const entries = isShort ? sampleOf(all, 80) : all;
print(`engine ${engine.version}`);
const through = await runCorpus(entries, canaries, askInterface(embedded.url, embedded.reader));
printTable("As the reader, through the HTTP interface (GET, POST, format in a header)", through);
const alone = await runCorpus(entries, canaries, askEngine(engine));
printTable("In the reader's role, on the engine alone: what is left when nobody looks at the words", alone);
await embedded.close();
await engine.close();
await canaries.close();
rmSync(folder, { recursive: true, force: true });
const harms = [
  ...through.flatMap(({ harms: found }) => found),
  ...alone.flatMap(({ harms: found }) => found.filter((harm) => !isForeseen(harm))),
];
for (const { attempt, harm } of harms) print(`HARM ${harm}: ${JSON.stringify(attempt)}`);
print(`\n${harms.length === 0 ? "no canary was touched" : `${harms.length} attempts did harm`}`);
process.exitCode = harms.length === 0 ? 0 : 1;
