import { describe, expect, it } from "vitest";
import { createLog } from "../../agent/create-log.ts";
import { noticeText } from "../../alerts/channels/stdout.ts";
import type { ApiClient } from "../../cli/api-client.ts";
import { giveCommand } from "../../cli/commands/command.ts";
import { explain } from "../../cli/commands/explain.ts";
import { status } from "../../cli/commands/status.ts";
import { createTerminal } from "../../cli/terminal.ts";
import { createNarrator } from "../../demo/narrator.ts";
import { NOT_STARTED } from "../../lifecycle/state.ts";
import type { Explanation } from "../../status/explanation.ts";
import { documentText, migrationOf } from "../agent/config/documents.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { noticeFullOf } from "../alerts/a-notice.ts";
import { aFinding } from "../fixtures/a-finding.ts";
import { anEvidence } from "../fixtures/an-evidence.ts";
import { HOSTILE_TEXT, OBEYED, poisoned } from "../fixtures/hostile-text.ts";
import { MIGRATION, STATUS } from "../status/status-fixture.ts";
import { leeway } from "./leeway.ts";

/** Keys whose texts a program decides by: they are words of its own. */
const WORDS = [
  "standing",
  "outcome",
  "severity",
  "why",
  "drain",
  "unit",
  "state",
  "direction",
  "signal",
  "changed",
  "what",
];

const recording = () => {
  const written: string[] = [];
  const write = (text: string, done: () => void): void => {
    written.push(text);
    done();
  };
  const terminal = createTerminal({ writableLength: 0, write, on: () => undefined });
  return { terminal, text: () => written.join("") };
};

const expectHarmless = (text: string): void => {
  expect(text).toContain("\\u001b]52;c;aGVsbG8=\\u0007");
  expect(text).not.toMatch(OBEYED);
  expect(text).not.toMatch(/^PROBLEM: faked/m);
};

const shape = {
  findings: [aFinding({ exampleSpans: [{ trace_id: "t", span_id: "s" }] })],
  notes: ["a note"],
  attribution: {
    changed: ["model" as const],
    text: "model",
    differences: [{ what: "model" as const, baseline: "a", canary: "b" }],
  },
};
const doubt = { reason: "ingest-lag", detail: "late", since: 0 } as const;
const view = {
  ...STATUS,
  problems: ["a problem"],
  migrations: [{ ...MIGRATION, hold: "held", shape }],
};
const clientOf = (answer: unknown): ApiClient => ({
  get: async <T>() => answer as T,
  post: async <T>() => answer as T,
});

describe("values that would drive a terminal, or look like lines of their own", () => {
  const hostile = poisoned(view, WORDS);
  hostile.migrations = hostile.migrations.map((each) => ({ ...each, doubts: [{ ...doubt, detail: HOSTILE_TEXT }] }));

  it("do nothing in leeway status", async () => {
    const { terminal, text } = recording();
    await status(clientOf(hostile), { migration: null, json: false, watch: false }, terminal);
    expectHarmless(text());
    expect(text()).toContain("FINDING");
    expect(text()).toContain("IN DOUBT");
  });

  it("are the same values in leeway status --json, escaped", async () => {
    const { terminal, text } = recording();
    await status(clientOf(hostile), { migration: null, json: true, watch: false }, terminal);
    expectHarmless(text());
    expect(text().trimEnd()).not.toContain("\n");
    expect(JSON.parse(text())).toEqual(hostile);
  });

  it.each([false, true])("do nothing in leeway explain, --json: %s", async (json) => {
    const verdict = {
      rule: "error",
      severity: "rollback",
      outcome: "breach",
      evidence: anEvidence({ method: "arm-label" }),
    } as const;
    const judgement = { migration: "m", at: 0, stage: 0, verdicts: [verdict], doubts: [doubt], shape };
    const explanation: Explanation = {
      schema: "leeway.explain/1",
      migration: migrationOf(documentText()),
      state: NOT_STARTED,
      rules: [{ id: "error", title: "errors", unit: "share" }],
      judgement,
      decidedOn: null,
      ledger: [],
    };
    const world = poisoned(explanation, [...WORDS, "reason"]);
    const unread = { schema: "leeway.handoffs/1", migration: "m", from: 0, to: 1, handoffs: null, problem: "down" };
    const handoffs = poisoned(unread, ["migration", "problem"]);
    const { terminal, text } = recording();
    const client = {
      ...clientOf(world),
      get: async <T>(path: string): Promise<T> => (path.endsWith("/handoffs") ? handoffs : world) as T,
    };
    await explain(client, { migration: "m", rule: null, json }, terminal.print);
    expectHarmless(text());
    if (json) expect(JSON.parse(text())).toEqual({ ...world, handoffs });
    else expect(text()).toContain("finding    code fence");
  });

  it("do nothing in what a command answers", async () => {
    const { terminal, text } = recording();
    const client = clientOf({ outcome: "done", problem: HOSTILE_TEXT });
    await giveCommand(client, "rollback", "m", { reason: "r", by: "b" }, terminal.print);
    expectHarmless(text());
    expect(text().trimEnd()).not.toContain("\n");
  });

  it("do nothing in the agent's log: one message is one line", () => {
    const { terminal, text } = recording();
    createLog(terminal.print, () => 0).error(HOSTILE_TEXT, { text: HOSTILE_TEXT });
    expectHarmless(text());
    expect(text().trimEnd()).not.toContain("\n");
  });

  it("do nothing in the demo's story", () => {
    const { terminal, text } = recording();
    createNarrator(terminal.print, () => 0)("agent", HOSTILE_TEXT);
    expectHarmless(text());
  });

  it("do nothing in a notice", () => {
    expect(noticeText(noticeFullOf(HOSTILE_TEXT))).not.toMatch(OBEYED);
    expect(noticeText(noticeFullOf(HOSTILE_TEXT))).not.toMatch(/^PROBLEM/m);
  });

  it("do nothing in leeway check, its mistakes included", async () => {
    const name = JSON.stringify(`m${HOSTILE_TEXT}`);
    const folder = temporaryDirectory({
      "leeway.yaml": "",
      "migrations/good.yaml": documentText({ candidate: `candidate: { model: ${name} }` }),
    });
    const good = await leeway(folder, ["check"]);
    expect([good.code, good.stderr]).toEqual([0, ""]);
    expectHarmless(good.stdout);
    const bad = temporaryDirectory({
      "leeway.yaml": `${name}: 1`,
      [`${HOSTILE_TEXT.slice(0, 20).replaceAll("/", "")}.yaml`]: "",
    });
    const refused = await leeway(bad, ["check"]);
    expect(refused.code).toBe(2);
    expectHarmless(refused.stderr);
    expect(refused.stderr.trimEnd()).not.toContain("\n");
  });

  it.each([[["compare", "answers.jsonl"]], [["compare", "answers.jsonl", "--json"]]])(
    "do nothing in leeway %j",
    async (args) => {
      const answer = (cohort: string, n: number) => ({
        cohort,
        task: HOSTILE_TEXT,
        output: cohort === "canary" ? "```\nx\n```" : `plain answer number ${n}`,
        scores: { [HOSTILE_TEXT]: cohort === "canary" ? 1 : 0 },
      });
      const answers = ["baseline", "canary"].flatMap((cohort) =>
        Array.from({ length: 60 }, (_, n) => answer(cohort, n)),
      );
      const folder = temporaryDirectory({ "answers.jsonl": answers.map((each) => JSON.stringify(each)).join("\n") });
      const { code, stdout } = await leeway(folder, args);
      expect(code).toBe(1);
      expectHarmless(stdout);
      if (args.includes("--json"))
        expect(JSON.stringify(JSON.parse(stdout))).toContain(JSON.stringify(HOSTILE_TEXT).slice(1, -1));
    },
  );

  /** A line break in what a person types is that person's. */
  const typed = HOSTILE_TEXT.replaceAll("\n", "");
  it.each([
    [["status", "--config", `${HOSTILE_TEXT}.yaml`]],
    [["check", `${HOSTILE_TEXT}.yaml`]],
    [[typed]],
    [["status", `--${typed}`]],
    [["compare", `${typed}.jsonl`]],
    [["backtest", typed]],
    [["status", "--agent", typed]],
  ])("do nothing in the error of leeway %j", async (args) => {
    const { code, stdout, stderr } = await leeway(temporaryDirectory({ "leeway.yaml": "" }), args);
    expect([code, stdout]).toEqual([2, ""]);
    expectHarmless(stderr);
  });
});
