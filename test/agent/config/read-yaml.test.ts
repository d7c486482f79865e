import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formatProblem } from "../../../agent/config/problem.ts";
import { expandEnvironment, parseYaml, readYaml } from "../../../agent/config/read-yaml.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const variable = (name: string): string => `\${env:${name}}`;

const problemsOf = (text: string): readonly string[] => {
  const read = parseYaml(text, "f.yaml");
  return "problems" in read ? read.problems.map(formatProblem) : [];
};

describe("text that is no YAML", () => {
  it.each([
    ["an indentation slip", "a:\n  b: 1\n c: 2\n", /^f\.yaml: line 3, column \d+: .+; expected YAML$/],
    ["an open bracket", "a: [1, 2\nb: 3\n", /^f\.yaml: line \d, column \d+: .+; expected YAML$/],
    ["a key given twice", "a: 1\nb: 2\na: 3\n", /^f\.yaml: line 3, column 1: Map keys must be unique; expected YAML$/],
    ["two documents in one file", "a: 1\n---\nb: 2\n", /^f\.yaml: line 2, column 1: .+; expected YAML$/],
    ["an alias to nothing", "a: *nowhere\n", /^f\.yaml: an alias without its anchor.*; expected YAML/],
  ])("%s is refused with the place", (_what, text, expected) => {
    expect(problemsOf(text)[0]).toMatch(expected);
  });

  it("cannot grow without bound through aliases", () => {
    const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(9)}]`);
    expect(problemsOf(`l0: &l0 [x]\n${levels.join("\n")}\n`)).toHaveLength(1);
  });

  it("is a problem of the file, while a file that is not there is an error with advice", () => {
    const folder = temporaryDirectory({ "a.yaml": "a: 1\n" });
    expect(readYaml(join(folder, "a.yaml"), "a.yaml")).toEqual({ value: { a: 1 } });
    expect(() => readYaml(join(folder, "b.yaml"), "b.yaml", "do this")).toThrow(
      "b.yaml: cannot be read (ENOENT); do this",
    );
    expect(() => readYaml(folder, "folder")).toThrow(/folder: cannot be read \(EISDIR\)/);
  });
});

describe("variables", () => {
  const environment = { TOKEN: "s3cret", EMPTY: "", HOST: "example.org" };

  it("are filled in at any depth, also inside a longer text", () => {
    const value = {
      a: [variable("TOKEN")],
      b: { c: `https://${variable("HOST")}/${variable("TOKEN")}`, d: 5, e: null, f: variable("EMPTY") },
    };
    const { value: expanded, problems } = expandEnvironment(value, "f.yaml", environment);
    expect(expanded).toEqual({ a: ["s3cret"], b: { c: "https://example.org/s3cret", d: 5, e: null, f: "" } });
    expect(problems).toEqual([]);
  });

  it.each([
    [
      "one that is not set",
      { a: [{ b: variable("NOPE") }] },
      "f.yaml: a[0].b: $NOPE is not set; expected it in the environment",
    ],
    [
      "one that every object has",
      { a: variable("toString") },
      "f.yaml: a: $toString is not set; expected it in the environment",
    ],
    [
      "one with a slip in its name",
      { a: variable("TO KEN") },
      "f.yaml: a: $TO KEN is not set; expected it in the environment",
    ],
  ])("are refused with the path: %s", (_what, value, expected) => {
    expect(expandEnvironment(value, "f.yaml", environment).problems.map(formatProblem)).toEqual([expected]);
  });

  it("are taken out of texts that people will read", () => {
    const { hide } = expandEnvironment({ a: variable("TOKEN"), b: variable("EMPTY") }, "f.yaml", environment);
    expect(hide('"s3cret"; expected a duration')).toBe(`"${variable("TOKEN")}"; expected a duration`);
  });
});
