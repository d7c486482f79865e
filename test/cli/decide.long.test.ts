import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { type DecideOptions, decide } from "../../cli/commands/decide.ts";
import { createTerminal, type Terminal } from "../../cli/terminal.ts";
import { encodeSpanRow } from "../../core/span-row.ts";
import { openStore } from "../../store/open-store.ts";
import { documentText } from "../agent/config/documents.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { HOSTILE_TEXT, OBEYED } from "../fixtures/hostile-text.ts";
import { freePort } from "../package/start-agent.ts";
import { aSpan } from "../store/a-span.ts";
import { recordingLog } from "../store/recording-log.ts";
import { embeddedSettings } from "../store/test-store.ts";
import { leeway } from "./leeway.ts";

const dayIn = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const CONFIG = "agent: { models: models.yaml, prices: prices.yaml }\nstore: { dir: nowhere }\n";
const filesOf = (why: string, more: Readonly<Record<string, string>> = {}) => ({
  "leeway.yaml": CONFIG,
  "models.yaml": "new: { retires: null }\n",
  "prices.yaml": "old: { input: 2, output: 10 }\nnew: { input: 1, output: 5 }\n",
  "migrations/m.yaml": documentText({}, why),
  ...more,
});

const terminal = createTerminal(process.stdout);

/** The command without a process of its own. */
const decideIn = async (folder: string, options: Partial<DecideOptions>) => {
  let stdout = "";
  const output: Terminal = {
    ...terminal,
    print: (text) => {
      stdout += text;
    },
  };
  const nothing = { subject: null, migrate: false, defer: null, reason: null, by: null, json: false };
  const code = await decide({ config: `${folder}/leeway.yaml`, ...nothing, ...options }, { output, errors: output });
  return { code, stdout };
};

describe("leeway decide", () => {
  it("weighs a document without a store, an agent and a reason: undecided, and what is missing", async () => {
    const { code, stdout } = await leeway(temporaryDirectory(filesOf("")), ["decide", "m"]);
    expect(code).toBe(4);
    expect(stdout).toMatch(/^m: UNDECIDED: /);
    expect(stdout).toContain("why: not written down");
    expect(stdout).toContain("unknown    the document does not say why");
    expect(stdout).toMatch(/unknown +when the baseline old is retired is in no table/);
    expect(stdout).toContain("the spans were not read: store.dir");
  });

  it("says migrate for a baseline that ends, by a path too, and defer for a benchmark alone", async () => {
    const folder = temporaryDirectory(
      filesOf(`why: { deprecation: ${dayIn(40)} }`, {
        "drafts/n.yaml": documentText(
          { migration: "migration: n" },
          `why: { improvement: { benchmark: ${JSON.stringify(HOSTILE_TEXT)} } }`,
        ),
      }),
    );
    const migrate = await leeway(folder, ["decide", "migrations/m.yaml", "--json"]);
    expect([migrate.code, JSON.parse(migrate.stdout)]).toEqual([
      0,
      expect.objectContaining({
        schema: "leeway.case/1",
        migration: "m",
        advice: "migrate",
        record: null,
        recorded: false,
      }),
    ]);
    const defer = await leeway(folder, ["decide", "drafts/n.yaml"]);
    expect([defer.code, defer.stdout]).toEqual([1, expect.stringContaining("DEFER: never on benchmarks alone")]);
    expect(defer.stdout).not.toMatch(OBEYED);
    expect(defer.stdout).not.toMatch(/^PROBLEM/m);
  });

  it.each([
    [
      "of a known schema",
      '"n":120,"better":40,"worse":9,"date":"%"',
      /for +your suite finds the candidate better \(120/,
    ],
    [
      "with a date without its year",
      '"n":120,"date":"11-20"',
      /unknown .*\S*suite\.json: date: "11-20"; expected a day/,
    ],
    ["that is no JSON", "}", /unknown .*cannot be had: \S*suite\.json: no JSON/],
  ])("reads a suite's result %s", async (_what, fields, expected) => {
    const head = '{"schema":"leeway.suite-result/1","verdict":"equivalent","baseline":"old","candidate":"new",';
    const result = `${head}${fields.replace("%", dayIn(-3))}}`;
    const folder = temporaryDirectory(filesOf("why: { improvement: { suite: suite.json } }", { "suite.json": result }));
    expect((await decideIn(folder, { subject: "m" })).stdout).toMatch(expected);
  });

  it("says that a suite's result is not there", async () => {
    const folder = temporaryDirectory(filesOf("why: { improvement: { suite: none.json } }"));
    const { stdout } = await decideIn(folder, { subject: "m" });
    expect(stdout).toMatch(/the suite's result cannot be had: \S*none\.json: cannot be read \(ENOENT\)/);
  });

  it.each<[Partial<DecideOptions>, RegExp]>([
    [{ defer: dayIn(0), reason: "x" }, /--defer: .* is not to come; expected the day, from tomorrow/],
    [{ defer: "2020-01-01", reason: "x" }, /--defer: 2020-01-01 is not to come/],
    [{ defer: "01-10", reason: "x" }, /--defer: "01-10"; expected a day with its year/],
    [{ defer: dayIn(9) }, /no reason; expected --reason/],
    [{ migrate: true, reason: " " }, /no reason/],
    [{ migrate: true, defer: dayIn(9), reason: "x" }, /both; expected one of them/],
    [{ subject: null, migrate: true, reason: "x" }, /no migration; expected its name/],
    [{ reason: "x" }, /nothing to record/],
    [{ migrate: true, reason: "x".repeat(1001) }, /too long; expected at most 1000/],
    [{ subject: "nobody" }, /no migration nobody; expected one of: m/],
    [{ subject: "drafts/none.yaml" }, /none\.yaml: cannot be read/],
  ])("refuses %j", async (options, message) => {
    const folder = temporaryDirectory(filesOf(""));
    await expect(decideIn(folder, { subject: "m", ...options })).rejects.toThrow(message);
    expect(existsSync(`${folder}/decisions.jsonl`)).toBe(false);
  });

  it("keeps a deferral with its reason and day, once, lists it, and shows it until another word is given", async () => {
    const folder = temporaryDirectory(filesOf(""));
    const [later, reason] = [dayIn(9), `quarter's end ${HOSTILE_TEXT}`];
    const word = ["decide", "m", "--defer", later, "--reason", reason, "--by", "ana"];
    const first = await leeway(folder, word);
    expect([first.code, first.stdout]).toEqual([
      0,
      expect.stringContaining("recorded in decisions.jsonl: deferred until"),
    ]);
    expect(first.stdout).toContain("LOOK: its document lies in migrations/, and an agent begins with it");
    const again = await leeway(folder, word);
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining("on record already in decisions.jsonl")]);
    const lines = readFileSync(`${folder}/decisions.jsonl`, "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      ...{ schema: "leeway.decision/1", migration: "m", decision: "defer", by: "ana", reason, revisit: later },
      advice: "undecided",
    });
    const list = await leeway(folder, ["decide"]);
    expect([list.code, list.stdout]).toEqual([0, expect.stringMatching(new RegExp(`${later} +m +defer +ana`))]);
    for (const { stdout } of [first, again, list]) expect(stdout).not.toMatch(OBEYED);
    expect(list.stdout.trimEnd().split("\n")).toHaveLength(2);
    writeFileSync(`${folder}/migrations/m.yaml`, documentText({ segments: "segments: []" }));
    const shown = await decideIn(folder, { subject: "m" });
    expect(shown.stdout).toMatch(/on record +deferred until .* by ana \(unverified\) .* which changed since/);
    await decideIn(folder, { subject: "m", migrate: true, reason: "it is time", by: "ben" });
    const { stdout } = await decideIn(folder, { json: true });
    expect(JSON.parse(stdout)).toMatchObject({
      schema: "leeway.decisions/1",
      records: [{ decision: "migrate", by: "ben", revisit: null, due: false }],
    });
  });

  it("ends with 1 while one is due, whatever order a merge left the lines in, and names a line that is none", async () => {
    const line = (at: string, more: object) =>
      JSON.stringify({
        ...{
          schema: "leeway.decision/1",
          id: "a",
          at,
          migration: "old-one",
          document: "v2:0",
          decision: "defer",
          by: "b",
        },
        ...{ reason: "r", advice: "defer" },
        ...more,
      });
    const [newer, older] = [
      line("2026-02-01T00:00:00Z", { revisit: "2026-03-01" }),
      line("2026-01-01T00:00:00Z", { revisit: dayIn(90) }),
    ];
    const folder = temporaryDirectory(filesOf("", { "decisions.jsonl": `${newer}\n\n${older}` }));
    const { code, stdout } = await decideIn(folder, {});
    expect([code, stdout]).toEqual([1, expect.stringMatching(/DUE 2026-03-01 +old-one/)]);
    // The last line had no end: the next one begins on its own all the same.
    expect((await decideIn(folder, { subject: "m", migrate: true, reason: "x" })).code).toBe(0);
    expect((await decideIn(folder, {})).code).toBe(1);
    appendFileSync(`${folder}/decisions.jsonl`, "<<<<<<< HEAD\n");
    await expect(decideIn(folder, {})).rejects.toThrow(/decisions\.jsonl: line 5: no JSON/);
  });

  it("says that nothing is on record", async () => {
    const { code, stdout } = await decideIn(temporaryDirectory(filesOf("")), {});
    expect([code, stdout]).toEqual([0, expect.stringContaining("no decision is on record")]);
  });
});

describe("leeway decide beside a store", () => {
  let folder: string;
  beforeAll(async () => {
    folder = temporaryDirectory({
      ...filesOf("why: { cost: half the price }"),
      "leeway.yaml": `agent: { prices: prices.yaml }\nstore: { port: ${await freePort()} }\n`,
    });
    const store = await openStore(embeddedSettings(`${folder}/.leeway`), { log: recordingLog().log, now: Date.now });
    const rows = Array.from({ length: 150 }, (_, i) =>
      aSpan({
        ...{ end_ms: Date.now() - 60_000 - i, service: "support-api", request_model: "old", migration: "" },
        ...{ input_tokens: 1000, output_tokens: 100, cached_tokens: 0 },
      }),
    );
    await store.insertSpans({ token: "all", lines: rows.map(encodeSpanRow).join(""), rows: rows.length });
    const event = { type: "started", hash: "v2:0", stage: 0, share: 0.05 } as const;
    await store.appendLedger([{ id: "m:1", at: Date.now(), migration: "m", by: "agent", incident: "", event }]);
    await store.close();
  });

  it("prices the tokens of the baseline's own calls, and says that it runs already", async () => {
    const { code, stdout } = await leeway(folder, ["decide", "m"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("MIGRATE: cost speaks for it")]);
    expect(stdout).toMatch(
      /for +a call costs \$0\.003, and \$0\.0015 at the candidate's list prices \(-50%\): .* 150 calls/,
    );
    expect(stdout).toMatch(/note +it runs since .* decided already/);
  });
});
