import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { importPromptfoo } from "../../../agent/suite/import-promptfoo.ts";
import { readSuite } from "../../../agent/suite/read-suite.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const CONFIG = `
description: greetings
prompts:
  - "Say hello to {{name}}."
  - file://chat.json
  - file://prompt.py
providers: [openai:gpt-4o]
defaultTest:
  assert: [{ type: not-icontains, value: sorry }]
tests:
  - description: ann
    vars: { name: Ann }
    assert:
      - { type: contains, value: "{{name}}" }
      - { type: icontains-any, value: [hello, hi] }
      - { type: is-json, value: { type: object } }
      - { type: starts-with, value: "(Hi" }
      - { type: javascript, value: output.length < 10 }
      - { type: llm-rubric, value: is polite }
      - { type: latency, threshold: 1 }
      - { type: rouge-n, value: x }
  - file://more.csv
`;

describe("a configuration of promptfoo", () => {
  const files = { "chat.json": '[{"role":"user","content":"Greet {{ name }}"}]' };

  it("becomes a suite that can be read, and what has no place in it is listed", async () => {
    const folder = temporaryDirectory(files);
    const { suite, left } = importPromptfoo(parse(CONFIG), folder);
    expect(suite.suite).toBe("greetings");
    expect(suite.cases[0]).toEqual({
      ...{ id: "ann (1.1)", kind: "invariant", prompt: "Say hello to Ann." },
      expect: [
        { notContains: "sorry", ignoreCase: true },
        { contains: "Ann" },
        { containsAny: ["hello", "hi"], ignoreCase: true },
        { schema: { type: "object" } },
        { regex: "^\\(Hi" },
      ],
    });
    expect(suite.cases[1]?.messages).toEqual([{ role: "user", content: "Greet Ann" }]);
    expect(left.filter((line) => line.startsWith("tests[0], prompts[0]"))).toEqual([
      expect.stringMatching(/javascript: write it as a function in a file/),
      expect.stringMatching(/llm-rubric: a model judges it/),
      expect.stringMatching(/latency: it is measured/),
      expect.stringMatching(/rouge-n: no check of a suite is like it/),
    ]);
    expect(left).toContainEqual(expect.stringMatching(/prompts\[2\]: the prompt is made by a program/));
    expect(left).toContainEqual("tests[1]: tests in a file; expected them in the configuration");
    const path = join(folder, "suite.yaml");
    writeFileSync(path, stringify(suite));
    const read = await readSuite(path);
    expect([read.cases.length, read.problems]).toEqual([2, []]);
  });

  it.each([[null], [[]], ["text"], [{ tests: 1 }]])("that is none (%j) is no suite, and ends nothing", (config) => {
    const { suite, left } = importPromptfoo(config, "/");
    expect(suite.cases).toEqual([]);
    expect(left).toContain("prompts: missing; expected at least one");
  });
});
