// npm run test:peers [-- --short] [-- --only=openai-6,ai-7,flags] [-- --node=24]
// [-- --tarball=leeway.tgz]: Leeway beside the real SDKs; what can be named beside them: clients, flags, evaluations, opentelemetry.

import type { Checked } from "./check-apps.ts";
import { checkClients } from "./clients/check-clients.ts";
import { checkEvaluations } from "./evaluations/check-evaluations.ts";
import { checkFlags } from "./flags/check-flags.ts";
import { type Beside, installBeside, OPENTELEMETRY_LINES, packagesIn } from "./install/beside.ts";
import { installPackages } from "./install-packages.ts";
import { folderOf, type ModuleKind } from "./instrumentation/run-app.ts";
import { type Cell, inPairs, type NodeVersion, runCells } from "./instrumentation/run-matrix.ts";
import { type Sdk, sdks } from "./instrumentation/sdks.ts";
import { findNodes } from "./nodes/find-nodes.ts";
import { checkLines } from "./opentelemetry/check-lines.ts";
import { packLeeway, placeLeeway } from "./pack-leeway.ts";
import { writeCompatibility } from "./write-compatibility.ts";

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const option = (name: string): string[] | null =>
  process.argv
    .find((argument) => argument.startsWith(`--${name}=`))
    ?.slice(name.length + 3)
    .split(",") ?? null;

const short = process.argv.includes("--short");
const only = option("only");
const majors = option("node") ?? (short ? ["24"] : null);

/** What is checked beside the matrix, by the name it goes by; the short run leaves the largest download out. */
const CHECKS: Readonly<Record<string, { readonly run: () => Promise<readonly Checked[]>; readonly short: boolean }>> = {
  clients: { run: checkClients, short: true },
  flags: { run: checkFlags, short: true },
  opentelemetry: { run: () => checkLines(packed), short: true },
  evaluations: { run: checkEvaluations, short: false },
};

const wanted = sdks.filter(({ name, short: inShort }) => (only ? only.includes(name) : !short || inShort));

interface Job {
  readonly sdk: Sdk;
  readonly node: NodeVersion;
  readonly kind: ModuleKind;
}

const show = (cell: Cell): void => {
  const name = `${cell.sdk}, Node ${cell.node}, ${cell.kind}, ${cell.loaded}`;
  if (cell.skipped !== null) {
    print(`skipped  ${name}: ${cell.skipped}`);
    return;
  }
  const problems = [...cell.noticed, ...cell.misrecorded];
  print(`${problems.length === 0 ? "ok      " : "FAILED  "} ${name}: ${cell.steps} calls`);
  for (const problem of problems) print(`           ${problem}`);
};

const showChecked = ({ name, outcome, problems }: Checked): void => {
  const [first = "", ...rest] = problems;
  print(`${{ ok: "ok      ", fails: "FAILED  ", skipped: "skipped " }[outcome]} ${name}${first && `: ${first}`}`);
  for (const problem of rest) print(`           ${problem}`);
};

/** Runs what is wanted of CHECKS. */
const runChecks = async (): Promise<readonly Checked[]> => {
  const all: Checked[] = [];
  for (const [name, { run, short: inShort }] of Object.entries(CHECKS)) {
    if (only ? !only.includes(name) : short && !inShort) continue;
    const checked = await run();
    checked.forEach(showChecked);
    all.push(...checked);
  }
  return all;
};

const MAX_MB = 25;

const showInstall = ({ name, outcome, reason, mb }: Beside): void => {
  const size = mb > 0 ? `${mb.toFixed(1)} MB` : reason;
  print(`${{ ok: "ok      ", fails: "FAILED  ", skipped: "skipped " }[outcome]} installed beside ${name}: ${size}`);
};

/** Installs the tarball alone, beside each SDK and beside each line of OpenTelemetry. */
const installEverywhere = async (tarball: string): Promise<Beside[]> => {
  const places = [
    ["nothing else", {}] as const,
    ...sdks.map((sdk) => [sdk.name, packagesIn(folderOf(sdk))] as const),
    ...Object.entries(OPENTELEMETRY_LINES),
  ];
  const installs = await inPairs(places, ([name, packages]) => installBeside(name, tarball, packages));
  installs.forEach(showInstall);
  return installs;
};

const packed = await packLeeway(option("tarball")?.[0] ?? null);
try {
  placeLeeway(packed);
  const nodes = await findNodes(majors);
  for (const { major, reason } of nodes.missing) print(`skipped  Node ${major}: ${reason}`);
  const jobs: Job[] = [];
  for (const sdk of wanted) {
    const reason = await installPackages(folderOf(sdk));
    if (reason !== null) print(`skipped  ${sdk.name}: ${reason}`);
    else
      for (const node of nodes.found) for (const kind of ["CommonJS", "ESM"] as const) jobs.push({ sdk, node, kind });
  }
  const cells = await inPairs(jobs, async ({ sdk, node, kind }) => {
    const made = await runCells(sdk, node, kind);
    for (const cell of made) show(cell);
    return made;
  });
  const all = cells.flat();
  const failed = all.filter(({ noticed, misrecorded }) => noticed.length + misrecorded.length > 0);
  const skipped = all.filter((cell) => cell.skipped !== null);
  const ran = all.length - skipped.length;
  print(`${ran - failed.length} of ${ran} cells are as they should be, ${skipped.length} skipped`);
  const checked = await runChecks();
  if (failed.length > 0 || checked.some(({ outcome }) => outcome === "fails")) process.exitCode = 1;
  if (!short && only === null) {
    const installs = await installEverywhere(packed.tarball);
    const tooLarge = installs.some(({ name, mb }) => name === "nothing else" && mb > MAX_MB);
    if (tooLarge || installs.some(({ outcome }) => outcome === "fails")) process.exitCode = 1;
    if (majors === null) writeCompatibility(all, installs, checked);
  }
} finally {
  packed.remove();
}
