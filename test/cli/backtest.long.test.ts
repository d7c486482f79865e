import { beforeAll, describe, expect, it } from "vitest";
import { encodeSpanRow } from "../../core/span-row.ts";
import { openStore } from "../../store/open-store.ts";
import { documentText, migrationOf } from "../agent/config/documents.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { freePort } from "../package/start-agent.ts";
import { aSpan, T0 } from "../store/a-span.ts";
import { recordingLog } from "../store/recording-log.ts";
import { embeddedSettings } from "../store/test-store.ts";
import { leeway } from "./leeway.ts";

const LAX = documentText({ rules: "rules: [{ signal: error, limit: 60%, unit: absolute, severity: rollback }]" });
const SCORED = documentText({
  rules: "rules: [{ signal: evaluation.safe, limit: 5, unit: points, severity: rollback }]",
});
const MINUTES = 6;
let folder: string;

const span = (cohort: "canary" | "baseline", i: number) => {
  const model = cohort === "canary" ? "new" : "old";
  const error = cohort === "canary" && i % 3 === 0 ? 1 : 0;
  return aSpan({ cohort, end_ms: T0 + i * 1000, error, request_model: model, response_model: model });
};

/** Six minutes of a canary that fails every third call, judged by an agent that is gone. */
beforeAll(async () => {
  folder = temporaryDirectory({
    "leeway.yaml": [
      `store: { port: ${await freePort()} }`,
      "flags: { prod: { type: builtin } }",
      "alerts: [{ type: webhook, url: https://example.invalid, secret: '$" + "{env:NOBODY_HAS_IT}' }]",
      "",
    ].join("\n"),
    "migrations/m.yaml": documentText({ route: "route: { flag: model, target: prod }" }),
    "migrations/damaged.yaml": "migration: [",
    "lax.yaml": LAX.replace("builtin", "prod"),
    "scored.yaml": SCORED.replace("builtin", "prod"),
    "empty/leeway.yaml": "",
    "empty/migrations/m.yaml": documentText(),
  });
  const { log } = recordingLog();
  const store = await openStore(embeddedSettings(`${folder}/.leeway`), { log, now: Date.now });
  const migration = migrationOf(documentText());
  const rows = Array.from({ length: MINUTES * 60 }, (_, i) => [span("canary", i), span("baseline", i)]).flat();
  await store.insertSpans({ token: "all", lines: rows.map(encodeSpanRow).join(""), rows: rows.length });
  await store.appendLedger([
    {
      id: "m:started",
      at: T0,
      migration: "m",
      by: "agent",
      incident: "",
      event: { type: "started", hash: migration.hash, stage: 0, share: 0.05 },
    },
  ]);
  for (let minute = 0; minute < MINUTES; minute++) {
    const [from, to] = [T0 + minute * 60_000, T0 + (minute + 1) * 60_000];
    await store.foldTick({ migration: "m", from, to, stage: 0, share: 0.05, segments: [] });
  }
  await store.close();
});

const run = (...args: readonly string[]) => leeway(folder, ["backtest", ...args]);

describe("leeway backtest, without an agent", () => {
  it("exits 1 on a breach; shows what would have been decided and that nothing was", async () => {
    const { code, stdout, stderr } = await run("m");
    expect([code, stderr]).toEqual([1, ""]);
    expect(stdout).toContain(`(6 min), 6 ticks as stored, 360 canary and 360 baseline calls`);
    expect(stdout).toMatch(
      /rollback +not decided +error +all calls +canary 33\.3% \(40 of 120 calls\).*, limit 5%, .*; log e [\d.]+ of 4\.6/,
    );
  });

  it("says that ticks hold no evaluations but those that were asked for", async () => {
    const { code, stdout } = await run("m", "--document", "scored.yaml");
    expect(code).toBe(0);
    expect(stdout).toContain(
      "stored ticks hold the evaluations that the rules of their time named; nothing is known of evaluation.safe",
    );
    const injected = await run("m", "--aa", "--inject", "evaluation.safe=-9pt");
    expect(injected).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("evaluations become known after the call"),
    });
  });

  it("exits 0 where no rule is breached, here by another document's rules", async () => {
    const { code, stdout } = await run("m", "--document", "lax.yaml", "--json");
    const result = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(result).toMatchObject({ schema: "leeway.backtest/1", migration: "m", ticks: 6, decisions: [] });
    expect(result.rules).toMatchObject([{ rule: "error", breach: null }]);
  });

  it("measures false alarms on halves of the baseline, and how soon what is put in is found", async () => {
    const equal = await run("m", "--aa", "2", "--share", "30%");
    expect([equal.code, equal.stderr]).toEqual([0, ""]);
    expect(equal.stdout).toMatch(/360 baseline calls of .+ dealt at random 2 times, 30% as the canary; .+ seed 1/);
    expect(equal.stdout).toContain(
      "a rollback without a reason: 0 of 2 (0%; 95% interval 0% to 84%); promised: at most 1%",
    );
    const moved = await run(
      "--inject",
      "error=+80pt",
      "--inject",
      "latency_ms=x3",
      "m",
      "--aa",
      "2",
      "--share",
      "30%",
      "--at",
      "1m",
      "--json",
    );
    expect(moved.code).toBe(0);
    expect(JSON.parse(moved.stdout)).toMatchObject({
      schema: "leeway.backtest-aa/1",
      detection: { injected: ["error=+80pt", "latency_ms=x3"], any: { found: 2, runs: 2 } },
    });
  });

  it.each<[string, readonly string[], RegExp]>([
    [
      "a regression that is none",
      ["m", "--inject", "eror=+9pt"],
      /--inject "eror=\+9pt": character 1: .+ did you mean "error"\?/,
    ],
    ["a share that is none", ["m", "--aa", "--share", "5"], /--share: "5"; expected a percentage such as 5%, .+/],
    ["a number of runs that is none", ["m", "--aa", "0"], /--aa: "0"; expected a whole number of at least 1/],
    ["a migration nobody declared", ["none"], /no migration none; expected one of: m/],
    ["a document that is not there", ["m", "--document", "no.yaml"], /no\.yaml: cannot be read \(ENOENT\); .+/],
    ["a moment that is none", ["m", "--from", "yesterday"], /--from: "yesterday"; expected a moment such as .+/],
    ["a length that is none", ["m", "--every", "5"], /--every: "5"; expected a duration from the tick \(5s\) to 1h/],
    ["a time without ticks", ["m", "--to", "2020-01-01"], /m: no tick is stored in this time; .+/],
    ["a store nobody wrote", ["m", "-c", "empty/leeway.yaml"], /store\.dir: .+ holds no store yet; .+/],
  ])("says in one line what is wrong with %s, and exits 2", async (_name, args, problem) => {
    const { code, stdout, stderr } = await run(...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(new RegExp(`^${problem.source}\\n$`));
  });
});
