import { writeFileSync } from "node:fs";
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
    [
      "a key given twice",
      "a: 1\nb: 2\na: 3\n",
      /^f\.yaml: line 3, column 1: the key "a" is there twice; expected it once$/,
    ],
    ["two documents in one file", "a: 1\n---\nb: 2\n", /^f\.yaml: line 2, column 1: a second document begins here; /],
    [
      "an alias to nothing",
      "a: *nowhere\n",
      /^f\.yaml: line 1, column 4: \*nowhere names no anchor above it; expected /,
    ],
    [
      "a list in itself",
      "&a [*a]",
      /^f\.yaml: line 1, column 5: \*a stands inside what it names.*; expected the value itself$/,
    ],
    ["a map in itself", "a: &x {b: *x}", /^f\.yaml: line 1, column 11: \*x stands inside what it names/],
    ["a map deep in itself", "a: &x\n  - b: [1, {c: *x}]\n", /^f\.yaml: line 2, column 16: \*x stands inside/],
    ["a key that is itself", "&a {? *a : 1}", /^f\.yaml: line 1, column 7: a key that is a list, a map or an alias; /],
    ["__proto__ as a key", "a: {__proto__: {b: 1}}", /^f\.yaml: line 1, column 5: __proto__ cannot be a key; /],
    [
      "a number and a text that are one key",
      "1: a\n'1': b\n",
      /^f\.yaml: line 2, column 1: the key "1" is there twice/,
    ],
    ["tabs", "a:\n\tb: 1", /^f\.yaml: line 2, column 1: Tabs are not allowed as indentation; expected YAML$/],
    ["a tag nobody knows", "a: !!js/function x", /^f\.yaml: line 1, column 4: Unresolved tag: .*; expected YAML$/],
  ])("%s is refused with the place", (_what, text, expected) => {
    expect(problemsOf(text)[0]).toMatch(expected);
  });

  it.each([
    ["flow, open", "[".repeat(100_000)],
    ["lists", "- ".repeat(100_000)],
    ["flow, closed", "[".repeat(3000) + "]".repeat(3000)],
    ["maps", "{a: ".repeat(1000)],
    ["a little too deep", "[".repeat(65) + "]".repeat(65)],
    ["block", Array.from({ length: 500 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
    [
      "through aliases",
      ["a: &a [x]", ...Array.from({ length: 300 }, (_, n) => `b${n}: &b${n} [[[*${n ? `b${n - 1}` : "a"}]]]`)].join(
        "\n",
      ),
    ],
  ])("is one problem where it is nested without end: %s", (_what, text) => {
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/^f\.yaml: .*(levels deep|too deep|aliases).*; expected /),
    ]);
  });

  it("tells the first ten of its mistakes", () => {
    expect(problemsOf("a: *x\n".repeat(500).replaceAll("a:", () => "a:"))).toHaveLength(10);
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
    expect(() => readYaml(folder, "folder")).toThrow(/folder: cannot be read \(EISDIR\); it is a directory, expected /);
  });

  it.each([
    ["a NUL", Buffer.from("a: x\0y"), "no text but binary data; expected UTF-8 without NUL characters"],
    [
      "binary junk",
      Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]),
      "no text but binary data; expected UTF-8 without NUL characters",
    ],
    ["UTF-16", Buffer.from("\ufeffa: 1", "utf16le"), "no text but binary data; expected UTF-8 without NUL characters"],
    ["Latin-1", Buffer.from("a: caf\xe9", "latin1"), "no UTF-8; expected a text file saved as UTF-8"],
    ["300 KB", Buffer.alloc(300_000, "a"), "too large; expected at most 256 KiB"],
  ])("is no file that holds %s", (_what, content, text) => {
    const path = join(temporaryDirectory(), "f.yaml");
    writeFileSync(path, content);
    expect(readYaml(path, "f.yaml")).toEqual({ problems: [{ file: "f.yaml", path: "", text }] });
  });

  it.runIf(process.platform === "linux")("is no device without end", () => {
    expect(readYaml("/dev/zero", "zero")).toMatchObject({ problems: [{ file: "zero" }] });
  });

  it("may begin with a byte order mark", () => {
    const path = join(temporaryDirectory({ "f.yaml": "\ufeffa: 1\n" }), "f.yaml");
    expect(readYaml(path, "f.yaml")).toEqual({ value: { a: 1 } });
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
