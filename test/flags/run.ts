// npm run test:flags [-- --only=unleash,builtin] [-- --times=20]: every flag target, against the real system where it can be had,
// and a table of what it holds. Exit 1 when one does not.
import { type SpawnSyncOptions, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { measureDecisions, measureFaults } from "./bad-days.ts";
import { type Measured, measureTarget } from "./measure-target.ts";
import { flagdKind, measureSeen, startRealFlagd } from "./peers/real-flagd.ts";
import { startRealUnleash } from "./peers/real-unleash.ts";
import { startUnleashServer, type UnleashServer } from "./peers/unleash-server.ts";
import { measureSdks } from "./sdks/measure-sdks.ts";
import { type StoryCells, tellUnleashStory } from "./story/unleash-story.ts";

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const only = process.argv
  .find((argument) => argument.startsWith("--only="))
  ?.slice(7)
  .split(",");
const isWanted = (name: string): boolean => only === undefined || only.includes(name);
let isRight = true;

const HEAD = [
  "target",
  "ran",
  "flip ms p50 / p95",
  "read-back",
  "drain proven",
  "drill",
  "conflict",
  "outage of 30 min",
  "lie",
  "neighbours",
];
const row = (cells: readonly string[]): void => print(`| ${cells.join(" | ")} |`);

const show = (
  { name, ran }: { readonly name: string; readonly ran: string },
  measured: Measured,
  { drain, drill }: StoryCells,
): void => {
  const { flip, readBack, conflict, outage, lie, neighbours } = measured;
  const cells = [flip, readBack, drain, drill, conflict, outage, lie, neighbours];
  if (cells.some(({ ok }) => !ok)) isRight = false;
  row([name, ran, ...cells.map(({ text }) => text)]);
};

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const vitest = (config: string, args: readonly string[], options: SpawnSyncOptions): boolean => {
  const path = fileURLToPath(new URL(config, import.meta.url));
  return spawnSync("npx", ["vitest", "run", "--config", path, ...args], { cwd: ROOT, ...options }).status === 0;
};

/** The contract of what is wanted, as `npm test` runs it, with the real systems. */
const contractsOnRealSystems = (): void => {
  const wanted = ["unleash", "flagd"].filter(isWanted).map((name) => `real-${name}`);
  if (wanted.length > 0 && !vitest("vitest.config.ts", wanted, { stdio: "inherit" })) isRight = false;
};

const TIMES = Number(process.argv.find((argument) => argument.startsWith("--times="))?.slice(8) ?? 1);
const NO_APP: StoryCells = { drain: { text: "no app", ok: true }, drill: { text: "no app", ok: true } };
const BY_THE_DEMO: StoryCells = { ...NO_APP, drain: { text: "npm run demo", ok: true } };

/** What a target runs against, where it is no double of the vendor's API. */
const RAN: Readonly<Record<string, string>> = {
  builtin: "real",
  command: "program",
  flagd: "file",
  gofeatureflag: "file",
  webhook: "receiver",
};

/** Whatever has a contract test is a row: table-contract.ts takes the contract's place. */
const measureContracts = async (): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "leeway-flag-rows-"));
  const file = join(folder, "rows.jsonl");
  const names = only === undefined ? [] : ["-t", `is measured: (${only.join("|")})$`];
  const isDone = vitest("vitest.table.config.ts", names, {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, LEEWAY_FLAG_ROWS: file },
  });
  if (!isDone) isRight = false;
  const lines = (await readFile(file, "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
  await rm(folder, { recursive: true, force: true });
  const rows = lines.map((line) => JSON.parse(line) as { readonly name: string; readonly measured: Measured });
  for (const { name, measured } of rows.toSorted((a, b) => a.name.localeCompare(b.name)))
    show({ name, ran: RAN[name] ?? "double" }, measured, name === "builtin" ? BY_THE_DEMO : NO_APP);
  if (!isDone) print("           not every target could be measured; npx vitest run test/alerts/flags says why");
};

const measureUnleash = async (server: UnleashServer): Promise<void> => {
  const measured = await measureTarget(await startRealUnleash(server));
  const steps: string[] = [];
  const cells = await tellUnleashStory(server, (line) => void steps.push(line));
  show({ name: server.kind, ran: "real" }, measured, cells);
  for (const step of steps) print(`           ${step}`);
};

const runUnleash = async (): Promise<void> => {
  const started = await startUnleashServer();
  const server = "missing" in started ? null : started;
  if ("missing" in started) print(`skipped  unleash (real): ${started.missing}`);
  try {
    if (server !== null) await measureUnleash(server);
    if (!(await measureDecisions(server, print))) isRight = false;
    if (!(await measureFaults(server, { print, times: TIMES }))) isRight = false;
  } finally {
    await server?.close();
  }
};

const measureFlagd = async (): Promise<void> => {
  const under = await startRealFlagd();
  if ("missing" in under) return print(`skipped  flagd (real provider): ${under.missing}`);
  show({ name: flagdKind(), ran: "real" }, await measureTarget(under), NO_APP);
  const seen = await measureSeen();
  if (seen === null) isRight = false;
  print(
    `           the provider saw a flip ${seen === null ? "NOT within 10 s" : `after ${(seen / 1000).toFixed(1)} s`}`,
  );
};

row(HEAD);
row(HEAD.map(() => "---"));
await measureContracts();
if (isWanted("flagd")) await measureFlagd();
if (isWanted("unleash")) await runUnleash();
contractsOnRealSystems();
if (!(await measureSdks(isWanted, print))) isRight = false;
process.exitCode = isRight ? 0 : 1;
