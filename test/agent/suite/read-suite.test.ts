import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readSuite } from "../../../agent/suite/read-suite.ts";
import { suiteJsonSchema } from "../../../agent/suite/suite-schema.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const read = (yaml: string, files: Readonly<Record<string, string>> = {}) => {
  const folder = temporaryDirectory({ "suite.yaml": yaml, ...files });
  return readSuite(join(folder, "suite.yaml")).then((suite) => ({
    ...suite,
    problems: suite.problems.map((problem) => problem.replaceAll(`${folder}/`, "")),
  }));
};

const GOOD = "  - { id: fine, kind: invariant, prompt: x, expect: [{ equals: y }] }\n";

describe("a suite's file", () => {
  it.each([
    [
      "an unknown kind",
      "  - { id: a, kind: invarient, prompt: x, expect: [{ equals: y }] }",
      /^suite\.yaml:4: cases\[1\]\.kind: .*"invariant"/,
    ],
    [
      "an unknown check",
      "  - { id: a, kind: invariant, prompt: x, expect: [{ equal: y }] }",
      /^suite\.yaml:4: cases\[1\]\.expect\[0\]\.equal: unknown key "equal"; did you mean "equals"/,
    ],
    [
      "two checks in one",
      "  - { id: a, kind: invariant, prompt: x, expect: [{ equals: y, regex: z }] }",
      /not one check; expected exactly one of/,
    ],
    [
      "a bad pattern",
      '  - { id: a, kind: invariant, prompt: x, expect: [{ regex: "(" }] }',
      /no regular expression; expected/,
    ],
    [
      "a bad path",
      "  - { id: a, kind: invariant, prompt: x, expect: [{ path: total, equals: 1 }] }",
      /no path; expected one like/,
    ],
    [
      "no question",
      "  - { id: a, kind: invariant, expect: [{ equals: y }] }",
      /nothing is asked; expected prompt, messages or turns/,
    ],
    ["no check", "  - { id: a, kind: invariant, prompt: x }", /expect: missing; expected a list of checks/],
    [
      "a failure from nowhere",
      "  - { id: a, kind: known-failure, prompt: x, expect: [{ equals: y }] }",
      /incident: missing; expected where it comes from/,
    ],
    [
      "an id that is there",
      "  - { id: fine, kind: invariant, prompt: x, expect: [{ equals: y }] }",
      /^suite\.yaml:4: id: "fine" is at suite\.yaml:3 already; expected a name of its own/,
    ],
    ["no case", "  - nothing", /^suite\.yaml:4: cases\[1\]: .*; expected/],
    [
      "a schema that is nowhere",
      "  - { id: a, kind: format, prompt: x, expect: [{ schema: none.json }] }",
      /schema: none\.json cannot be read/,
    ],
    [
      "examples that are nowhere",
      "  - { id: a, kind: extraction, prompt: x, examples: none.jsonl }",
      /none\.jsonl: cannot be read/,
    ],
  ])("tells of %s where it stands, and keeps the rest", async (_, line, problem) => {
    const { cases, problems } = await read(`suite: s\ncases:\n${GOOD}${line}\n`);
    expect(cases.map(({ id }) => id)).toEqual(["fine"]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });

  it.each([
    ["margin: 60%", /margin: not usable; expected a percentage from 0% to below 50%/],
    ["margin: about two", /margin: not usable/],
    ["margins: 2%", /margins: unknown key "margins"; did you mean "margin"/],
    ["defaults: { temprature: 1 }", /suite\.yaml:2: defaults\.temprature: unknown key/],
  ])("is refused for %s", async (line, problem) => {
    await expect(read(`suite: s\n${line}\ncases:\n${GOOD}`)).rejects.toThrow(problem);
  });

  it("has a margin of 2% unless it says so, and may have no case", async () => {
    expect((await read(`suite: s\ncases:\n${GOOD}`)).margin).toBe(0.02);
    expect((await read(`suite: s\nmargin: 0%\ncases: []`)).margin).toBe(0);
    expect((await read("suite: s\nmargin: 0.05\ncases: []")).cases).toEqual([]);
  });

  it("has a JSON Schema that takes what it takes", async () => {
    const takes = new Ajv2020({ strict: false }).compile(suiteJsonSchema());
    const example = parse(
      readFileSync(new URL("../../../examples/suite/suite.yaml", import.meta.url), "utf8"),
    ) as unknown;
    expect(takes(example)).toBe(true);
    expect(takes({ suite: "s", cases: [{ id: "a", kind: "nothing" }] })).toBe(false);
    expect(takes({ suite: "s", cases: [], margins: 1 })).toBe(false);
  });

  it("of the examples can be run", async () => {
    const path = new URL("../../../examples/suite/suite.yaml", import.meta.url).pathname;
    const { problems, cases } = await readSuite(path);
    expect(problems).toEqual([]);
    expect(new Set(cases.map(({ kind }) => kind)).size).toBe(7);
  });
});
