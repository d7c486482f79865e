// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cases are source text
import { describe, expect, it } from "vitest";
import { type AllowedPackages, findViolations } from "./find-violations.ts";

const allowed: AllowedPackages = {
  installed: ["zod"],
  extra: { "instrumentation/": [/^@opentelemetry\//] },
};
const check = (files: Readonly<Record<string, string>>): string[] =>
  findViolations(new Map(Object.entries(files)), allowed);

const UNREACHABLE = 'import { otherwise, unreachable } from "../core/exhaustive.ts";\n';
const closed = (end: string, inside = "return `${1}`;"): string =>
  `switch (a.kind({ default: 1 })) { case "a": { ${inside} } default: ${end}; }`;

describe("findViolations accepts", () => {
  it.each<[string, Record<string, string>]>([
    ["a lower layer", { "store/open-store.ts": 'import { A } from "../core/a.ts";' }],
    ["its own folder", { "store/a.ts": 'import "./b.ts";', "store/b.ts": "" }],
    ["features in instrumentation", { "instrumentation/a.ts": 'import { f } from "../features/f.ts";' }],
    ["formats in instrumentation", { "instrumentation/a.ts": 'import { f } from "../formats/wire/f.ts";' }],
    ["formats in the collector", { "collector/a/a.ts": 'import { f } from "../../formats/dialects/f.ts";' }],
    ["OpenTelemetry in instrumentation", { "instrumentation/a.ts": 'import { t } from "@opentelemetry/api";' }],
    ["node in an adapter", { "store/a.ts": 'import { join } from "node:path";' }],
    ["a dependency", { "agent/a.ts": 'import { z } from "zod";' }],
    ["a Date made from a number", { "core/a.ts": "export const d = (at: number) => new Date(at).toISOString();" }],
    ["impure words in comments", { "core/a.ts": "// Date.now() and console.log are not for us\n/* process */" }],
    ["impure words in strings", { "core/a.ts": 'const a = "Date.now()"; const b = `Math.random() ${a} console`;' }],
    ["impure words as keys and members", { "core/a.ts": "const a = { process: 1 }; a.process; a?.process;" }],
    ["regular expressions with quotes", { "core/a.ts": "const a = /['\"`]/.test(b); const c = 4 / 2 / 1;" }],
    ["a member of its own", { "store/a.ts": "class A { readonly _b = 1; c = () => this._b; }" }],
    [
      "parameters that are not used",
      { "store/a.ts": "const a = { b: (c: A, _d: B, { e }: F) => c, g: (_h: I) => 1 };" },
    ],
    [
      "values that begin with an underscore",
      { "store/a.ts": 'const a = b ? "_OTHER" : "x._y"; const c = "__proto__";' },
    ],
    [
      "a switch that cannot be fallen out of",
      { "store/a.ts": `${UNREACHABLE}${closed("return unreachable(a.kind)")}` },
    ],
    ["a switch with a fallback for the ledger", { "store/a.ts": `${UNREACHABLE}${closed("return otherwise(a, b)")}` }],
    ["a switch that returns nothing", { "store/a.ts": `${UNREACHABLE}${closed("unreachable(a)")}` }],
    [
      "a switch in a switch",
      {
        "core/a.ts": `${UNREACHABLE.replace("../core", ".")}${closed("return unreachable(a)", closed("otherwise(a, b)"))}`,
      },
    ],
    ["switch as a member", { "core/a.ts": "a.switch(b); a?.switch(b); const c = { switch: 1 };" }],
    [
      "a diamond",
      { "core/a.ts": 'import "./b.ts"; import "./c.ts";', "core/b.ts": 'import "./c.ts";', "core/c.ts": "" },
    ],
  ])("%s", (_name, files) => {
    expect(check(files)).toEqual([]);
  });
});

describe("findViolations refuses", () => {
  it.each<[string, Record<string, string>, string]>([
    [
      "an upper layer",
      { "core/a.ts": '\nimport { A } from "../store/a.ts";' },
      "core/a.ts:2: core may not import store",
    ],
    ["a neighbour", { "alerts/a.ts": 'import { A } from "../store/a.ts";' }, "alerts may not import store"],
    ["a neighbour's type", { "detectors/a.ts": 'import type { A } from "../store/a.ts";' }, "may not import store"],
    ["a neighbour re-exported", { "collector/a.ts": 'export * from "../store/a.ts";' }, "may not import store"],
    ["a neighbour loaded late", { "collector/a.ts": 'await import("../store/a.ts");' }, "may not import store"],
    ["a neighbour required", { "collector/a.cts": 'require("../store/a.ts");' }, "may not import store"],
    ["a neighbour in a type", { "alerts/a.ts": 'type A = import("../store/a.ts").A;' }, "may not import store"],
    ["a neighbour inside a template", { "alerts/a.ts": 'const a = `${await import("../store/a.ts")} {`;' }, "store"],
    ["an import after a template", { "alerts/a.ts": 'const a = `}${{ b: "}" }}`;\nimport "../store/a.ts";' }, "a.ts:2"],
    ["an import from a deep folder", { "alerts/flags/a.ts": 'import "../../store/a.ts";' }, "may not import store"],
    ["the store in the user's process", { "instrumentation/a.ts": 'import "../store/a.ts";' }, "may not import store"],
    ["statistics in a format", { "formats/wire/a.ts": 'import "../../detectors/a.ts";' }, "may not import detectors"],
    ["features importing instrumentation", { "features/a.ts": 'import "../instrumentation/a.ts";' }, "may not import"],
    [
      "node in a pure folder within another",
      { "alerts/policy/a.ts": 'import fs from "node:fs";' },
      "imports no node:fs",
    ],
    ["node in a pure folder", { "detectors/a.ts": 'import { hash } from "node:crypto";' }, "imports no node:crypto"],
    ["unprefixed node in a pure folder", { "core/a.ts": 'import fs from "fs";' }, "imports no fs"],
    ["a clock", { "detectors/a.ts": "const now = Date.now();" }, "uses no Date.now"],
    ["a clock in a template", { "detectors/a.ts": "const now = `${Date.now()}`;" }, "uses no Date.now"],
    ["the current date", { "features/a.ts": "const now = new Date();" }, "uses no new Date()"],
    ["a random draw", { "core/a.ts": "const r = Math.random();" }, "uses no Math.random"],
    ["a console", { "features/a.ts": 'console.log("x");' }, "uses no console"],
    ["the process", { "features/a.ts": "const a = process.env.A;" }, "uses no process"],
    ["zod in the user's process", { "instrumentation/a.ts": 'import { z } from "zod";' }, "not zod"],
    [
      "zod in a wire format",
      { "formats/wire/a/a.ts": 'import { z } from "zod";' },
      "formats runs in the user's process",
    ],
    ["zod in what the preload takes along", { "core/a.ts": 'import { z } from "zod";' }, "not zod"],
    ["node in a format", { "formats/wire/a.ts": 'import { hash } from "node:crypto";' }, "imports no node:crypto"],
    [
      "a format that imports the hook",
      { "formats/wire/a.ts": 'import "../../instrumentation/a.ts";' },
      "may not import",
    ],
    ["a development package", { "agent/a.ts": 'import { build } from "esbuild";' }, "esbuild is not a dependency"],
    ["a private member", { "store/a.ts": "const a = exporter._delegate;" }, "_delegate is private to its package"],
    ["one that may be missing", { "store/a.ts": "\nconst a = exporter?._delegate;" }, "a.ts:2: _delegate is private"],
    ["one of a member of its own", { "store/a.ts": "class A { b = () => this.c._d; }" }, "_d is private"],
    ["one in brackets", { "store/a.ts": 'const a = (b as B)["_delegate"];' }, "_delegate is private"],
    ["one by reflection", { "store/a.ts": 'const a = Reflect.get(b, "_delegate");' }, "_delegate is private"],
    ["one taken out", { "store/a.ts": "const { a, _delegate: b } = exporter;" }, "_delegate is private"],
    ["one taken out of an argument", { "store/a.ts": "const f = (a: A, { b, _c }: B) => a;" }, "_c is private"],
    ["one in a template", { "store/a.ts": "const a = `${socket._handle}`;" }, "_handle is private"],
    ["a default export", { "cli/a.ts": "export default 1;" }, "export by name"],
    ["a renamed default export", { "cli/a.ts": "export { a as default };" }, "export by name"],
    [
      "a switch without default",
      { "cli/a.ts": `${UNREACHABLE}switch (a) { case "a": return 1; }` },
      "cli/a.ts:2: a switch",
    ],
    ["a switch that falls back", { "cli/a.ts": `${UNREACHABLE}${closed("return null")}` }, "a switch ends in"],
    [
      "a switch that throws by itself",
      { "cli/a.ts": `${UNREACHABLE}${closed("throw new Error()")}` },
      "a switch ends in",
    ],
    [
      "a switch whose default is another's",
      { "cli/a.ts": `${UNREACHABLE}switch (a) { case "a": { ${closed("return unreachable(b)")} } }` },
      "a switch ends in",
    ],
    ["a word of the same name", { "cli/a.ts": closed("return unreachable(a)") }, "a switch ends in"],
    ["an empty name", { "cli/string-utils.ts": "" }, "the name says nothing"],
    ["another empty name", { "agent/manager.ts": "" }, "the name says nothing"],
    ["a camel-case name", { "agent/openStore.ts": "" }, "kebab-case"],
    [
      "a cycle",
      {
        "core/a.ts": 'import "./b.ts";',
        "core/b.ts": 'import type { A } from "./c.ts";',
        "core/c.ts": 'import "./a.ts";',
      },
      "import cycle: core/a.ts -> core/b.ts -> core/c.ts -> core/a.ts",
    ],
  ])("%s", (_name, files, message) => {
    const violations = check(files);
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(message);
  });
});
