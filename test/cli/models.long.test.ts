import { expect, it } from "vitest";
import { documentText } from "../agent/config/documents.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { leeway } from "./leeway.ts";

const CONFIG = `agent: { token: "$\{env:NOT_SET}", models: models.yaml }\nstore: { dir: nowhere }\n`;
const OWN =
  "old: { retires: 2020-01-01, source: https://vendor.example/ends, seen: 2019-12-01 }\nnew: { retires: null }\n";
const FILES = { "leeway.yaml": CONFIG, "models.yaml": OWN, "migrations/m.yaml": documentText() };

it("says when the documents' models are retired, who says so, and that the spans could not be read", async () => {
  const { code, stdout } = await leeway(temporaryDirectory(FILES), ["models"]);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /old +– +2020-01-01 +RETIRED +– +m: baseline +https:\/\/vendor\.example\/ends, read 2019-12-01/,
  );
  expect(stdout).toMatch(/new +– +no day announced/);
  expect(stdout).toContain("the spans were not read, so these are the documents' models alone: store.dir");
});

it("prints JSON with a schema, where unknown is null", async () => {
  const { stdout } = await leeway(temporaryDirectory(FILES), ["models", "--json"]);
  const { schema, spans, models } = JSON.parse(stdout);
  expect(schema).toBe("leeway.models/1");
  expect(spans.problem).toContain("holds no store yet");
  expect(models[0]).toMatchObject({ model: "old", calls: null, life: { retires: "2020-01-01", table: "models.yaml" } });
});

it("looks names up without a configuration, and ends with 4 where one is unknown", async () => {
  const folder = temporaryDirectory({});
  const known = await leeway(folder, ["models", "openai/o1-mini"]);
  expect([known.code, known.stdout]).toEqual([1, expect.stringMatching(/2025-10-27 +RETIRED/)]);
  const unknown = await leeway(folder, ["models", "our-model\u001b[31m\nfake"]);
  expect(unknown.code).toBe(4);
  expect(unknown.stdout).toContain("in no table");
  expect(unknown.stdout).not.toContain("\u001b");
});

it.each([
  ["a day that is none", "old: { retires: 2027-02-30 }\n", "models.yaml: old.retires"],
  ["a key it does not know", "old: { retired: 2027-01-01 }\n", "models.yaml: old"],
  ["a line that says nothing", "old: { source: x }\n", "neither retires nor notBefore"],
  ["a list", "- old\n", "models.yaml"],
])("refuses %s, in models and in check", async (_what, own, message) => {
  const folder = temporaryDirectory({ ...FILES, "models.yaml": own });
  for (const command of ["models", "check"]) {
    const { code, stderr } = await leeway(folder, [command], { NOT_SET: "longenough" });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  }
});

it("check says which model ends before the plan does, and which has an unknown end", async () => {
  const soon = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
  const files = {
    ...FILES,
    "models.yaml": `old: { retires: ${soon} }\n`,
    "migrations/m.yaml": documentText({ stages: "stages: [{ canary: 5%, for: 14d }]" }),
  };
  const { stdout } = await leeway(temporaryDirectory(files), ["check"], { NOT_SET: "longenough" });
  expect(stdout).toContain(`LOOK: the baseline old is retired in 2 days, on ${soon}, and the plan ends on`);
  expect(stdout).toContain("the candidate new: when it is retired is unknown");
});
