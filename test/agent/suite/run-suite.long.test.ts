import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { readSuiteResult } from "../../../agent/case/suite-result.ts";
import { type Doing, type ModelServer, startModelServer } from "../replay/model-server.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { resultOf, runCases, type SuiteWorld } from "./suite-world.ts";

let server: ModelServer;
afterEach(() => server.close());

const world = async (
  doing: (question: string, model: string) => Doing,
  files: Readonly<Record<string, string>> = {},
): Promise<SuiteWorld> => {
  server = await startModelServer((question, _, body) => doing(question, String(body.model)));
  return { folder: temporaryDirectory(files), baseUrl: server.baseUrl };
};

const text = (said: string | null): Doing => ({ is: "answer", text: said });
const refusing = "I'm sorry, but I can't help with that.";

const one = (expected: unknown, more: object = {}) => ({
  ...{ id: "c", kind: "invariant", prompt: "q", expect: expected },
  ...more,
});
const YES = [{ equals: "yes" }];
const ten = Array.from({ length: 10 }, (_, at) => one(YES, { id: `c${at}`, prompt: `q${at}` }));

describe("a suite that is run", () => {
  it("judges each case by the runs of both models, and writes what leeway decide reads", async () => {
    const given = await world((question, model) => text(question === "broken" && model === "new" ? "no" : "yes"));
    const cases = [
      one(YES, { id: "fine" }),
      one(YES, { id: "broken", kind: "known-failure", incident: "INC-7", prompt: "broken" }),
    ];
    const report = await runCases(given, cases, { plan: { runs: 5 } });
    expect(resultOf(report, "fine").verdict.word).toBe("same");
    const broken = resultOf(report, "broken");
    expect(broken).toMatchObject({ incident: "INC-7", baseline: { passes: 5 }, candidate: { passes: 0, runs: 5 } });
    expect(broken.verdict).toMatchObject({ word: "worse", noise: expect.closeTo(2 / 252, 8) });
    expect(broken.candidate.reasons).toEqual(["equals: is another value"]);
    expect(report).toMatchObject({
      verdict: "not-equivalent",
      n: 2,
      worse: 1,
      better: 0,
      usd: expect.closeTo(0.02, 8),
    });
    const file = join(given.folder, "result.json");
    writeFileSync(file, JSON.stringify(report));
    expect(readSuiteResult(file, "result.json")).toMatchObject({
      result: { verdict: "not-equivalent", baseline: "old", candidate: "new", n: 2, date: "2026-11-20" },
    });
  });

  it("asks nothing again that is answered, but what was changed, or everything when it is to be fresh", async () => {
    const given = await world(() => text("yes"));
    const other = one(YES, { id: "d", prompt: "other" });
    await runCases(given, [one(YES), other]);
    expect(server.requests).toHaveLength(12);
    // Another check is no other question.
    await runCases(given, [one([{ equals: "no" }]), other]);
    expect(server.requests).toHaveLength(12);
    const { usd } = await runCases(given, [one(YES), one(YES, { id: "d", prompt: "changed" })]);
    expect(server.requests).toHaveLength(18);
    expect(usd).toBeCloseTo(0.006, 8);
    await runCases(given, [one(YES)], { plan: { isFresh: true } });
    expect(server.requests).toHaveLength(24);
    const names = readdirSync(join(given.folder, "answers"));
    expect(names.filter((name) => name.includes(".until-"))).toHaveLength(2);
    expect(names.filter((name) => name.endsWith(".asked"))).toEqual([]);
  });

  it("sends what the case and the defaults say, and keeps no key", async () => {
    const given = await world(() => text("yes"));
    const head = { defaults: { temperature: 0, max_tokens: 9 } };
    await runCases(given, [one(YES, { system: "Be short.", temperature: 0.5 })], { plan: { runs: 1 }, head });
    const messages = [
      { role: "system", content: "Be short." },
      { role: "user", content: "q" },
    ];
    expect(server.requests[0]?.body).toMatchObject({ temperature: 0.5, max_tokens: 9, messages });
    const folder = join(given.folder, "answers");
    for (const name of readdirSync(folder)) expect(readFileSync(join(folder, name), "utf8")).not.toContain("sk-secret");
  });

  it("is undecided where a model cannot be reached halfway, goes on afterwards, and pays for nothing twice", async () => {
    let [asked, isDown] = [0, true];
    const given = await world((_question, model) => {
      if (model === "new" && isDown && ++asked > 4) return { is: "status", status: 401 };
      return text("yes");
    });
    const first = await runCases(given, ten, { plan: { runs: 2, concurrency: 1 } });
    expect(first.verdict).toBe("undecided");
    expect(first.asked.candidate.stopped).toMatch(/refuses it: auth/);
    expect(first.asked.baseline).toMatchObject({ answered: 20, stopped: "" });
    expect(first.words).toMatchObject({ same: 2, unknown: 8 });
    isDown = false;
    const second = await runCases(given, ten, { plan: { runs: 2 } });
    expect(second.asked).toMatchObject({ baseline: { answered: 0 }, candidate: { answered: 16, stopped: "" } });
    expect(second.words).toMatchObject({ same: 10, unknown: 0 });
  });

  it("says nothing of models that always fail, and takes a refusal of one alone for a failure", async () => {
    const bad: Doing = { is: "status", status: 400, body: { error: { message: "no", type: "invalid_request_error" } } };
    const given = await world((question, model) => (question === "half" && model === "old" ? text("yes") : bad));
    const always = await runCases(given, [one(YES)]);
    expect(always).toMatchObject({
      verdict: "undecided",
      n: 0,
      silent: ["baseline", "candidate"],
      words: { unknown: 1 },
    });
    const half = await runCases(given, [one(YES, { prompt: "half" })]);
    expect(half).toMatchObject({ verdict: "undecided", silent: ["candidate"], words: { worse: 1 } });
    expect(half.cases[0]?.candidate).toMatchObject({ refused: 3, runs: 3, passes: 0 });
  });

  it("stops at the limit of money, undecided", async () => {
    const given = await world(() => text("yes"));
    const report = await runCases(given, ten, { plan: { runs: 1, maxUsd: 0.0055, concurrency: 1 } });
    expect(server.requests).toHaveLength(5);
    expect(report.verdict).toBe("undecided");
    expect(report.asked.baseline.stopped + report.asked.candidate.stopped).toContain("--max-usd");
  });

  it("answers turns one after another, and the last one also after the other model's answers", async () => {
    const given = await world((question, model) => text(`${model} to ${question}`));
    const chat = { kind: "multi-turn", turns: ["one", "two"], expect: [{ contains: "two" }] };
    const report = await runCases(given, [{ id: "own", ...chat }], { plan: { runs: 2 } });
    expect(resultOf(report, "own").verdict.word).toBe("same");
    expect(server.requests).toHaveLength(8);
    await runCases(given, [{ id: "other", ...chat, answeredBy: "other" }], { plan: { runs: 2 } });
    // The first turns are answered already.
    const histories = server.requests
      .slice(8)
      .map(({ body }) => [body.model, (body.messages as { content: string }[]).at(-2)?.content]);
    expect(histories).toHaveLength(4);
    expect(histories).toContainEqual(["old", "new to one"]);
    expect(histories).toContainEqual(["new", "old to one"]);
  });
});

describe("a check", () => {
  const json = '{"total": 12, "items": [{"id": "a"}, {"id": "b"}], "note": null}';

  it.each([
    ["equals", { equals: "Yes" }, " Yes\n", "No"],
    ["equals, in any case", { equals: "yes", ignoreCase: true }, "YES", "no"],
    ["equals of a value", { path: "$.items[0]", equals: { id: "a" } }, json, '{"items":[{"id":"x"}]}'],
    ["contains", { contains: ["a", "b"] }, "b a", "a"],
    ["containsAny", { containsAny: ["a", "b"] }, "b", "c"],
    ["notContains", { notContains: "secret" }, "fine", "a secret"],
    ["regex", { regex: "^\\d+$" }, "12", "twelve"],
    ["notRegex", { notRegex: "\\d" }, "twelve", "12"],
    ["range", { range: { min: 1, max: 10 } }, "7.5", "11"],
    ["range of a value", { path: "$.total", range: { max: 20 } }, json, '{"total": "many"}'],
    ["exists", { path: "$.items[*].id", exists: true }, json, '{"items":[]}'],
    ["not exists", { path: "$.secret", exists: false }, json, '{"secret":1}'],
    ["schema", { schema: { type: "object", required: ["total"] } }, json, "{}"],
    ["schema in a fence", { schema: { type: "object" } }, "```json\n{}\n```", "[]"],
    ["every value at a path", { path: "$.items[*].id", regex: "^[ab]$" }, json, '{"items":[{"id":"a"},{"id":"c"}]}'],
    ["refuses", { refusal: "refuses" }, refusing, "Sure, here it is."],
    ["answers", { refusal: "answers" }, "Sure, here it is.", refusing],
    ["refusal as the baseline", { refusal: "as-baseline" }, "Sure.", refusing],
    ["key paths of the baseline", { keyPaths: "baseline" }, json, '{"total": 12, "items": [], "note": null}'],
    ["null against absent", { keyPaths: "baseline" }, '{"a":null}', "{}"],
    ["same as the baseline", { path: "$.total", sameAsBaseline: true }, json, '{"total": 13}'],
    ["a function", { javascript: "check.mjs" }, "even", "odd one"],
  ])("%s tells right from wrong", async (_, check, right, wrong) => {
    const files = { "check.mjs": "export default (output) => ({ pass: output.length % 2 === 0, reason: 'is odd' });" };
    const given = await world((_question, model) => text(model === "old" ? right : wrong), files);
    const report = await runCases(given, [one([check])], { plan: { runs: 1 } });
    expect(report.problems).toEqual([]);
    expect(report.cases[0]).toMatchObject({ baseline: { passes: 1, runs: 1 }, candidate: { passes: 0, runs: 1 } });
  });

  it("of a tool looks at its arguments, and not at what is beside them", async () => {
    const call = (args: string): Doing => ({ is: "answer", text: null, calls: [{ name: "book", arguments: args }] });
    const given = await world((_question, model) => call(model === "old" ? '{"to":"Rome","n":2}' : '{"to":"Oslo"}'));
    const check = { tool: { name: "book", arguments: { to: "Rome" } } };
    const report = await runCases(given, [one([check])], { plan: { runs: 1 } });
    expect(report.cases[0]?.candidate.reasons).toEqual(["tool: book was called with other arguments"]);
    expect(report.cases[0]?.baseline.passes).toBe(1);
  });

  it.each([
    ["throws", "export default () => { throw new Error('oh'); };", /throws \(oh\)/],
    ["hangs", "export default () => { for (;;); };", /takes more than 10 s/],
    ["ends the process", "export default () => process.exit(0);", /ends its process/],
    ["gives nothing", "export default () => undefined;", /gives neither true or false/],
    ["does not parse", "export default (", /throws/],
  ])("that %s decides nothing, is told, and ends nothing", async (_, source, problem) => {
    const given = await world(() => text("yes"), { "bad.mjs": source });
    const report = await runCases(given, [one([{ javascript: "bad.mjs" }]), one(YES, { id: "d" })], {
      plan: { runs: 1 },
    });
    expect(report.words).toMatchObject({ unknown: 1, same: 1 });
    expect(report.problems[0]).toMatch(problem);
    expect(report.problems[0]).toMatch(/suite\.yaml:1: c: 2 answers could not be judged/);
  });

  it("has no keys at hand, and no pattern holds a run up", async () => {
    const source = "export default () => Object.keys(process.env).length === 0;";
    const given = await world(() => text(`${"a".repeat(40)}!`), { "env.mjs": source });
    const cases = [one([{ javascript: "env.mjs" }]), one([{ regex: "^(a+)+$" }], { id: "slow" })];
    const report = await runCases(given, cases, { plan: { runs: 1 } });
    expect(resultOf(report, "c").candidate.passes).toBe(1);
    expect(report.problems).toEqual([
      expect.stringMatching(/slow: 2 answers could not be judged: regex: takes more than 1 s/),
    ]);
  });

  it("takes an answer of a megabyte", async () => {
    const long = JSON.stringify({ text: "x".repeat(1_000_000) });
    const given = await world(() => text(long));
    const checks = [{ path: "$.text", regex: "^x+$" }, { contains: "xxx" }, { keyPaths: "baseline" }];
    const report = await runCases(given, [one([...checks, { refusal: "answers" }])], { plan: { runs: 2 } });
    expect(report.cases[0]).toMatchObject({ baseline: { passes: 2 }, candidate: { passes: 2 } });
  });
});

describe("a labelled task", () => {
  const labelOf = (at: number): string => (at % 2 === 0 ? "bug" : "billing");
  const examples = Array.from({ length: 20 }, (_, at) => JSON.stringify({ input: `t${at}`, label: labelOf(at) }));

  it("has precision and recall of each class, and a warning when examples are few", async () => {
    const right = (question: string): string => `It is ${labelOf(Number(/t(\d+)/.exec(question)?.[1]))}.`;
    const lines = [...examples, '{"input":"x","label":"unknown"}', "nothing"].join("\n");
    const files = { "tickets.jsonl": lines };
    const given = await world((question, model) => text(model === "old" ? right(question) : "bug"), files);
    const task = {
      ...{ id: "tickets", kind: "classification", labels: ["bug", "billing"], examples: "tickets.jsonl" },
      prompt: "Which? {{input}}",
    };
    const report = await runCases(given, [task]);
    expect(report.n).toBe(20);
    expect(report.problems).toEqual([
      "tickets.jsonl:21: label: none of the task's labels; expected one",
      expect.stringMatching(/^tickets\.jsonl:22: no JSON/),
    ]);
    expect(report.warnings[0]).toMatch(/tickets has 20 examples; with less than 100/);
    const labels = report.groups[0]?.labels;
    expect(labels?.baseline[1]).toMatchObject({
      label: "billing",
      precision: { share: 1, of: 10 },
      recall: { share: 1 },
    });
    expect(labels?.candidate[0]).toMatchObject({
      label: "bug",
      precision: { share: 0.5, of: 20 },
      recall: { share: 1 },
    });
    expect(labels?.candidate[1]).toMatchObject({ precision: { share: null, of: 0 }, recall: { share: 0 } });
    expect(labels?.baseline[1]?.recall.lower).toBeCloseTo(0.6915, 3);
    expect(report.verdict).toBe("not-equivalent");
  });

  it("has the accuracy of each field", async () => {
    const files = { "people.jsonl": '{"input":"a","fields":{"name":"Ann","age":30}}' };
    const answers = { old: '{"name":"Ann","age":30}', new: '{"name":"ann","age":"30"}' };
    const given = await world((_, model) => text(model === "old" ? answers.old : answers.new), files);
    const task = { id: "people", kind: "extraction", examples: "people.jsonl", prompt: "{{input}}" };
    const report = await runCases(given, [task], { plan: { runs: 1 } });
    const fields = report.groups[0]?.fields;
    expect(fields?.baseline.map(({ field, accuracy }) => [field, accuracy.share])).toEqual([
      ["name", 1],
      ["age", 1],
    ]);
    expect(fields?.candidate.map(({ accuracy }) => accuracy.share)).toEqual([1, 0]);
    expect(report.cases[0]?.candidate.reasons).toEqual(["fields: wrong or missing: age"]);
  });
});
