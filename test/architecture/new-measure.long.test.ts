// @module-tag soak
import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LAYERS } from "./layers.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** One of each source, as somebody would write them. */
const ENTRIES = `
  shouting: { from: "answer", family: "manner", kind: "flag", worse: "up", about: "is in capital letters" },
  slow: { from: "call", kind: "flag", worse: "up", about: "calls of more than 150 ms" },
  resolved: { from: "outcome", named: ["case_closed"], counts: "arrival", kind: "flag", worse: "down", about: "closed cases" },
`;

/** What the one of the call needs beside its entry. */
const COLUMN = `slow: { value: "duration_ms > 150", known: "error = 0" },`;

const ROWS = {
  "docs/migrations.md": [
    "| `shouting` | share | up | is in capital letters | all calls |",
    "| `slow` | share | up | calls of more than 150 ms | all calls |",
    "| `resolved` | share | down | closed cases | all calls |",
  ],
  "docs/features.md": ["| manner | `shouting` | flag | is in capital letters |"],
} as const;

/** Folds calls of two arms that differ in all three, and judges them by rules about all three; prints the verdicts. */
const PROBE = `
import { readMigration } from "./agent/config/migration-document.ts";
import { describeRule } from "./status/describe-rule.ts";
import { SHAPE_FEATURES } from "./core/shape-features.ts";
import { createEngine } from "./detectors/engine.ts";
import { documentText } from "./test/agent/config/documents.ts";
import { aBatch, aSpan, T0 } from "./test/store/a-span.ts";
import { anOutcome, anOutcomeBatch } from "./test/store/an-outcome.ts";
import { openTestStore } from "./test/store/test-store.ts";
import { parse } from "yaml";

const rules = ["shouting", "slow", "resolved"].map((signal) => ({ signal, limit: 5, unit: "points", severity: "rollback" }));
const read = readMigration({ ...parse(documentText()), rules }, "m.yaml", ["builtin"]);
if ("problems" in read) throw new Error(JSON.stringify(read.problems));
const test = await openTestStore();
const engine = createEngine(read.migration);
let judgement = null;
for (let i = 1; i <= 6; i++) {
  const at = T0 + i * 5000;
  const arm = (cohort) =>
    Array.from({ length: 100 }, (_, n) => {
      const isBad = cohort === "canary" && n < 60;
      const span = { end_ms: at - 2000, received_ms: at - 2000, duration_ms: isBad ? 200 : 100 };
      return aSpan({ migration: "m", cohort, ...span, features: { shouting: isBad ? 1 : 0 } });
    });
  const calls = [...arm("baseline"), ...arm("canary")];
  const said = calls.map(({ trace_id, span_id, duration_ms }) =>
    anOutcome({ trace_id, span_id, name: "case_closed", value: duration_ms > 150 ? 0 : 1, received_ms: at - 1000 }));
  await test.store().insertSpans(aBatch(calls));
  await test.store().insertOutcomes(anOutcomeBatch(said));
  const tick = await test.store().foldTick({ migration: "m", from: at - 5000, to: at, stage: 0, share: 0.5, segments: [] });
  judgement = engine.step(tick);
}
await test.end();
console.log(JSON.stringify({
  verdicts: judgement.verdicts.map(({ rule, outcome, evidence }) => ({ rule, outcome, n: evidence.n.canary, value: evidence.value.canary })),
  described: read.migration.rules.map(describeRule),
  compared: SHAPE_FEATURES.some(({ name }) => name === "shouting"),
}));
`;

let copy = "";

const change = async (file: string, edit: (source: string) => string): Promise<void> => {
  const source = await readFile(join(copy, file), "utf8");
  const edited = edit(source);
  if (edited === source) throw new Error(`${file}: nothing to edit`);
  await writeFile(join(copy, file), edited);
};

/** What a program of the copy prints, whether or not it ends well. */
const run = async (...args: readonly string[]): Promise<string> => {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$)/.test(name)),
  );
  const options = { cwd: copy, env: { ...env, NO_COLOR: "1" }, maxBuffer: 16 * 1024 ** 2 };
  return promisify(execFile)(process.execPath, args, options).then(
    ({ stdout, stderr }) => stdout + stderr,
    (error: { readonly stdout: string; readonly stderr: string }) => error.stdout + error.stderr,
  );
};

const checkDocs = (): Promise<string> =>
  run(
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    "test/docs/migrations.test.ts",
    "test/docs/features.test.ts",
  );

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "leeway-measure-"));
  const folders = Object.keys(LAYERS);
  const tests = ["agent/config", "docs", "store"].map((folder) => `test/${folder}`);
  for (const folder of [...folders, ...tests, "docs"])
    await cp(join(root, folder), join(copy, folder), { recursive: true });
  await cp(join(root, "package.json"), join(copy, "package.json"));
  await symlink(join(root, "node_modules"), join(copy, "node_modules"));
  const config = JSON.parse(await readFile(join(root, "tsconfig.json"), "utf8"));
  await writeFile(join(copy, "tsconfig.json"), JSON.stringify({ ...config, include: folders }));
  await writeFile(join(copy, "probe.ts"), PROBE);
  await change("core/measures.ts", (source) => source.replace("const CATALOGUE = {", `$&${ENTRIES}`));
});

afterAll(() => rm(copy, { recursive: true, force: true }));

describe("a new entry of the catalogue", () => {
  it("compiles as it stands, but that one of a call needs the SQL that reads it", async () => {
    const said = await run(join(root, "node_modules/typescript/bin/tsc"), "-p", copy, "--pretty", "false");
    expect(said.split("\n").filter((line) => /\berror\b/.test(line))).toEqual([
      expect.stringMatching(/^store\/signal-columns\.ts\(.*'slow' is missing/),
    ]);
    await change("store/signal-columns.ts", (source) =>
      source.replace(/const CALL_COLUMNS: .* = \{\n/, `$&  ${COLUMN}\n`),
    );
  });

  it("is a signal that rules name, that is folded from calls and outcomes, judged, and compared", async () => {
    const said = await run("probe.ts");
    expect(said).toMatch(/^\{/);
    expect(JSON.parse(said)).toEqual({
      verdicts: [
        { rule: "shouting", outcome: "breach", n: 600, value: 0.6 },
        { rule: "slow", outcome: "breach", n: 600, value: 0.6 },
        { rule: "resolved", outcome: "breach", n: 600, value: 0.4 },
      ],
      described: [
        "shouting at most 5 points above the baseline",
        "slow at most 5 points above the baseline",
        "resolved at most 5 points below the baseline",
      ],
      compared: true,
    });
  });

  it("is asked of the documentation until it is there", async () => {
    const before = await checkDocs();
    for (const name of ["signal shouting", "signal slow", "signal resolved", "feature shouting"])
      expect(before).toContain(`describes the ${name} as the catalogue does`);
    for (const [file, rows] of Object.entries(ROWS))
      await change(file, (source) =>
        source.replace(/\n\| -+ \|.*\n(?=\| (?:`error`|length))/, `$&${rows.join("\n")}\n`),
      );
    const after = await checkDocs();
    expect(after).toMatch(/Test Files {2}2 passed/);
  });
});
