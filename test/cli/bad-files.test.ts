import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { check } from "../../cli/commands/check.ts";
import { createTerminal } from "../../cli/terminal.ts";
import { LeewayError } from "../../core/errors.ts";
import { documentText } from "../agent/config/documents.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { leeway } from "./leeway.ts";

const PROBE = '{"id":"a","prompt":"x"}\n';
const SENTINEL =
  "{ cron: '0 * * * *', probes: probes.jsonl, url: 'https://a.example/v1', model: gpt-4o, budget: { callsPerDay: 10, usdPerDay: null } }";

const folderWith = (): string =>
  temporaryDirectory({
    "leeway.yaml": [
      "agent: { prices: prices.yaml }",
      `monitors: [{ name: m, match: { service: a }, signals: [error], meanTimeBetweenFalseAlarms: 1y, sentinel: ${SENTINEL} }]`,
      "",
    ].join("\n"),
    "prices.yaml": "my-model: { input: 1, output: 2 }\n",
    "probes.jsonl": PROBE,
    "migrations/m.yaml": documentText(),
  });

type Damage = readonly [what: string, content: Buffer | null, expected: RegExp];

const YAML_DAMAGE: readonly Damage[] = [
  ["a list in itself", Buffer.from("&a [*a]"), /^FILE: line 1, column 5: \*a stands inside what it names.*; expected /],
  ["a map in itself", Buffer.from("a: &x {b: *x}"), /^FILE: line 1, column 11: \*x stands inside.*; expected /],
  ["binary junk", Buffer.from([0, 1, 2, 255]), /^FILE: no text but binary data; expected /],
  [
    "a directory",
    null,
    /^FILE: cannot be read \(EISDIR\); it is a directory, expected |^FILE: .*EISDIR.*"leeway init"/,
  ],
  ["too much", Buffer.alloc(2_000_000, "a"), /^FILE: too large; expected at most 256 KiB$/],
];

const JSON_DAMAGE: readonly Damage[] = [
  ["a key given twice", Buffer.from('{"id":"a","prompt":"x","id":"b"}'), /^FILE: line 1: the key "id" is there twice/],
  ["__proto__", Buffer.from('{"id":"a","prompt":"x","__proto__":{}}'), /^FILE: line 1: __proto__ cannot be a key; /],
  ["binary junk", Buffer.from([0, 1, 2, 255]), /^FILE: no text but binary data; expected /],
  ["a directory", null, /^FILE: cannot be read \(EISDIR\); it is a directory, expected the probes/],
];

const CASES = [
  ...["leeway.yaml", "migrations/m.yaml", "prices.yaml"].flatMap((file) =>
    YAML_DAMAGE.map((damage) => [file, ...damage] as const),
  ),
  ...JSON_DAMAGE.map((damage) => ["probes.jsonl", ...damage] as const),
];

/** What leeway check prints of it: `check` throws what cannot be read, which main prints. */
const linesFor = async (folder: string): Promise<readonly string[]> => {
  const complaints: string[] = [];
  const terminal = (write: (text: string) => void) => createTerminal({ writableLength: 0, write, on: () => undefined });
  const terminals = { output: terminal(() => undefined), errors: terminal((text) => complaints.push(text)) };
  try {
    const options = {
      config: join(folder, "leeway.yaml"),
      documents: [],
      callsPerHour: 1000,
      users: null,
      live: false,
    };
    await check(options, terminals);
  } catch (error) {
    if (!(error instanceof LeewayError)) throw error;
    complaints.push(`${error.message}\n`);
  }
  return complaints.join("").trimEnd().split("\n");
};

describe("a file of the configuration", () => {
  it.each(CASES)("%s that is %s is refused in one line", async (file, _what, content, expected) => {
    const folder = folderWith();
    rmSync(join(folder, file));
    if (content === null) mkdirSync(join(folder, file));
    else writeFileSync(join(folder, file), content);
    const [line, ...others] = await linesFor(folder);
    expect(others).toEqual([]);
    expect(line).toMatch(new RegExp(expected.source.replaceAll("^FILE", `${file.replaceAll(".", "\\.")}`)));
  });

  it("ends a command with exit 2", async () => {
    const folder = folderWith();
    writeFileSync(join(folder, "migrations/m.yaml"), "&a [*a]");
    const { code, stdout, stderr } = await leeway(folder, ["check"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^migrations\/m\.yaml: line 1, column 5: \*a stands inside what it names.*\n$/);
  });

  it("is read when nothing is wrong with it, byte order marks included", async () => {
    const folder = folderWith();
    writeFileSync(join(folder, "probes.jsonl"), `\ufeff${PROBE}`);
    expect((await leeway(folder, ["check"])).stderr).toBe("");
  });

  it("in a folder that is a file is refused", async () => {
    const folder = temporaryDirectory({ "leeway.yaml": "", migrations: "mine" });
    const { code, stderr } = await leeway(folder, ["check"]);
    expect([code, stderr]).toEqual([
      2,
      "migrations: cannot be read (ENOTDIR); expected a folder of migration documents\n",
    ]);
  });
});
