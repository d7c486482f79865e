import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadConfig, readConfig } from "../../../agent/config/load-config.ts";
import { monitorOf, monitorSchema } from "../../../agent/config/monitor-schema.ts";
import { WATCHABLE_SIGNALS } from "../../../agent/config/watched-signal.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const DAY = 86_400_000;

const PROBES =
  '{ "id": "a", "prompt": "Say hello." }\n\n{ "id": "b", "messages": [{ "role": "user", "content": "2+2?" }], "json": true }\n';

const SENTINEL = `sentinel: { cron: "*/15 * * * *", probes: probes.jsonl, url: "http://127.0.0.1:1/v1/chat/completions", model: gpt-4o, apiKey: "$\{env:KEY}" }`;

const folderWith = (monitor: string, probes = PROBES): string =>
  join(temporaryDirectory({ "leeway.yaml": `monitors:\n  - { ${monitor} }\n`, "probes.jsonl": probes }), "leeway.yaml");

const problemsOf = (monitor: string, probes?: string): readonly string[] => {
  const read = readConfig(folderWith(monitor, probes), { KEY: "sk-secret" });
  return "problems" in read ? read.problems.map(({ path, text }) => `${path}: ${text}`) : [];
};

describe("a monitor", () => {
  it("needs a name only; everything else has a default", () => {
    const { settings } = loadConfig(folderWith("name: all"), {});
    expect(settings.monitors).toEqual([
      {
        name: "all",
        match: { service: null, operation: null, provider: null, model: null, prompt: null, segments: {} },
        by: [],
        signals: expect.arrayContaining([expect.objectContaining({ id: "error", direction: "increase" })]),
        severity: "page",
        meanTimeBetweenFalseAlarms: 730 * DAY,
        margin: 0.1,
        history: 28 * DAY,
        learn: 3 * DAY,
        adoptAfter: 7 * DAY,
        settle: 30_000,
        maxSeries: 8,
        modelChanges: true,
        sentinel: null,
      },
    ]);
  });

  it.each([
    ["error", { signal: "error", kind: "rate", quantile: null, direction: "increase" }],
    ["schema_valid", { kind: "rate", direction: "drop" }],
    ["latency_ms.p95", { id: "latency_ms.p95", kind: "value", quantile: 0.95, unit: "ms" }],
    ["latency_ms.p99.9", { quantile: 99.9 / 100 }],
    ["output_tokens", { kind: "value", quantile: null, direction: "increase" }],
    [
      { signal: "output_tokens", direction: "either" },
      { id: "output_tokens", direction: "either" },
    ],
    ["self_confidence", { kind: "score" }],
  ])("watches %j", (written, expected) => {
    const { signals } = monitorSchema.parse({ name: "m", signals: [written] });
    expect(signals[0]).toMatchObject(expected);
  });

  it("can watch every signal that a call carries and that has a rate or a mean", () => {
    expect(WATCHABLE_SIGNALS).toEqual(expect.arrayContaining(["error", "cost_usd", "schema_valid", "self_confidence"]));
    expect(WATCHABLE_SIGNALS).not.toEqual(expect.arrayContaining(["finish_reason"]));
    expect(WATCHABLE_SIGNALS).not.toEqual(expect.arrayContaining(["quality"]));
  });

  it.each([
    ["name: m, signals: [eror]", 'monitors[0].signals[0]: unknown signal "eror"; did you mean "error"?'],
    ["name: m, signals: [finish_reason]", 'unknown signal "finish_reason"; expected one of error'],
    [
      "name: m, signals: [evaluation.precision]",
      '"evaluation.precision" becomes known after the call, which a monitor does not wait for; expected one of error',
    ],
    ["name: m, signals: [latency_ms.p100]", "expected a quantile from p50 to p99, such as latency_ms.p95"],
    ["name: m, signals: [error.p95]", "expected no quantile, as the signal is a share"],
    ["name: m, signals: [{ signal: error, direction: up }]", 'unknown direction "up"; expected one of increase'],
    ["name: m, signals: [error, error]", "the same signal twice; expected each once"],
    ["name: m, by: [tenant]", "unknown key; expected service, operation, provider, model, prompt or segment.<name>"],
    ["name: m, learn: 2h", "out of range; expected 1d to 28d"],
    ["name: m, macht: { service: x }", 'unknown key "macht"; did you mean "match"?'],
    [
      "name: m, sentinel: { cron: often, probes: p, url: 'http://x', model: y }",
      "no cron expression; expected one such as",
    ],
    ["name: M", "expected a name of lower-case letters"],
  ])("%s is refused, with what was expected", (written, problem) => {
    expect(problemsOf(written).join("\n")).toContain(problem);
  });

  it("has a name of its own", () => {
    const file = join(temporaryDirectory({ "leeway.yaml": "monitors: [{ name: a }, { name: a }]\n" }), "leeway.yaml");
    const read = readConfig(file, {});
    expect("problems" in read && read.problems).toMatchObject([{ path: "monitors[1].name" }]);
  });

  it("starts anew when its definition changes, not when who is told changes", () => {
    const hash = (more: object): string => monitorOf(monitorSchema.parse({ name: "m", ...more })).hash;
    expect(hash({ severity: "drift", settle: "1m" })).toBe(hash({}));
    expect(hash({ signals: ["error"] })).not.toBe(hash({}));
    expect(hash({ match: { service: "x" } })).not.toBe(hash({}));
  });
});

describe("a sentinel", () => {
  it("has its probes read with the rest", () => {
    const { probes, settings } = loadConfig(folderWith(`name: m, ${SENTINEL}`), { KEY: "sk-secret" });
    expect(probes.get("m")?.map(({ id, json, messages }) => [id, json, messages[0]?.content])).toEqual([
      ["a", false, "Say hello."],
      ["b", true, "2+2?"],
    ]);
    expect(new Set(probes.get("m")?.map(({ version }) => version)).size).toBe(2);
    expect(settings.monitors[0]?.sentinel).toMatchObject({
      apiKey: "sk-secret",
      budget: { callsPerDay: 1000, usdPerDay: 1 },
      maxTokens: 200,
    });
  });

  it.each([
    ["", "0 probes; expected 1 to 200"],
    ["hello\n", "line 1: no JSON; expected one probe a line"],
    ['{ "id": "a" }\n', "line 1: both prompt and messages, or neither; expected one of them"],
    ['{ "id": "a", "prompt": "x" }\n{ "id": "a", "prompt": "y" }\n', "line 2: a is there twice"],
    ['{ "id": "a", "promt": "x" }\n', 'line 1: promt: unknown key "promt"; did you mean "prompt"?'],
  ])("with the probes %j is refused", (probes, problem) => {
    expect(problemsOf(`name: m, ${SENTINEL}`, probes).join("\n")).toContain(problem);
  });

  it("without a file of probes is refused", () => {
    expect(() => problemsOf(`name: m, ${SENTINEL.replace("probes.jsonl", "none.jsonl")}`)).toThrow(
      /none\.jsonl: cannot be read/,
    );
  });

  it("of a model without a price has no budget in dollars", () => {
    const unpriced = SENTINEL.replace("gpt-4o", "my-model");
    expect(problemsOf(`name: m, ${unpriced}`).join("\n")).toContain(
      "monitors[0].sentinel.budget.usdPerDay: the price of my-model is unknown; expected it in agent.prices",
    );
    expect(problemsOf(`name: m, ${unpriced.replace(" }", ", budget: { usdPerDay: null } }")}`)).toEqual([]);
  });
});
