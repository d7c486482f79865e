import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type ModelServer, startModelServer } from "../agent/replay/model-server.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { leeway } from "./leeway.ts";

let server: ModelServer;
afterEach(() => server.close());

const suiteOf = (cases: readonly object[], margin = "5%"): string => JSON.stringify({ suite: "s", margin, cases });
const caseOf = (at: number, answer = `To q${at}`): object => ({
  ...{ id: `c${at}`, kind: "invariant", prompt: `q${at}`, expect: [{ equals: answer }] },
});
const many = (count: number): readonly object[] => Array.from({ length: count }, (_, at) => caseOf(at));

const run = (folder: string, more: readonly string[] = []) =>
  leeway(folder, [
    ...["suite", "run", "suite.yaml", "--model", "old", "--model", "new", "--base-url", server.baseUrl, "-n", "1"],
    ...more,
  ]);

describe("leeway suite run", () => {
  it("ends with 0 for equivalent models, and writes every report", async () => {
    server = await startModelServer(() => ({ is: "answer" }));
    const folder = temporaryDirectory({ "suite.yaml": suiteOf(many(90)) });
    const { code, stdout } = await run(folder, ["--junit", "suite.xml", "--html", "suite.html", "--github"]);
    expect(code).toBe(0);
    expect(stdout).toContain("EQUIVALENT within 5%");
    expect(stdout).toContain("::notice title=s::EQUIVALENT");
    expect(readFileSync(join(folder, "suite.xml"), "utf8")).toContain('tests="90" failures="0"');
    expect(readFileSync(join(folder, "suite.html"), "utf8")).toContain("s: equivalent");
    expect(existsSync(join(folder, ".leeway-suite"))).toBe(true);
    const again = await run(folder, ["--json"]);
    expect(JSON.parse(again.stdout)).toMatchObject({ schema: "leeway.suite-result/1", verdict: "equivalent", n: 90 });
    expect(server.requests).toHaveLength(180);
  }, 60_000);

  it("ends with 1 where the candidate is worse, and with 4 where nobody knows", async () => {
    server = await startModelServer((question, _, body) => ({
      ...{ is: "answer", text: body.model === "new" && question !== "q0" ? "no" : `To ${question}` },
    }));
    const folder = temporaryDirectory({ "suite.yaml": suiteOf(many(12)) });
    const worse = await run(folder);
    expect(worse.code).toBe(1);
    expect(worse.stdout).toContain("NOT EQUIVALENT: the candidate is worse");
    const few = temporaryDirectory({ "suite.yaml": suiteOf(many(1)) });
    const undecided = await run(few);
    expect(undecided.code).toBe(4);
    expect(undecided.stdout).toMatch(/UNDECIDED: about \d+ more cases .*less than 59 are never equivalent/);
    expect((await run(few, ["--allow-undecided"])).code).toBe(0);
  }, 60_000);

  it("ends with 2 where something is wrong, after it has run the rest", async () => {
    server = await startModelServer(() => ({ is: "answer" }));
    const folder = temporaryDirectory({
      "suite.yaml": suiteOf([...many(90), { id: "bad" }]),
      "none.yaml": suiteOf([]),
    });
    const { code, stdout } = await run(folder);
    expect(code).toBe(2);
    expect(stdout).toContain("EQUIVALENT within 5%");
    expect(stdout).toMatch(/problem: suite\.yaml:1: cases\[90\]\.kind: missing; expected/);
    const problems = await Promise.all([
      leeway(folder, ["suite", "run", "nowhere.yaml", "--model", "a", "--model", "b"]),
      leeway(folder, ["suite", "run", "suite.yaml"]),
      leeway(folder, ["suite", "run", "suite.yaml", "--model", "a"]),
      leeway(folder, ["suite", "run", "suite.yaml", "--model", "a", "--model", "a", "--base-url", server.baseUrl]),
      run(folder, ["--max-usd", "1"]),
      run(folder, ["--junit", "no/such/folder.xml"]),
    ]);
    expect(problems.map((each) => each.code)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(problems.map(({ stderr }) => stderr)).toEqual([
      expect.stringMatching(/^nowhere\.yaml: cannot be read/),
      expect.stringMatching(/^--model: missing; expected --model twice, or models in the suite/),
      expect.stringMatching(/^--model: expected twice/),
      expect.stringMatching(/^--model: the same model twice/),
      expect.stringMatching(/^--max-usd: old has no price/),
      expect.stringMatching(/--junit: no\/such\/folder\.xml cannot be written/),
    ]);
    const empty = await leeway(folder, [
      ...["suite", "run", "none.yaml", "--model", "a", "--model", "b", "--base-url", server.baseUrl],
    ]);
    expect(empty.code).toBe(2);
    expect(empty.stderr).toContain("none.yaml: no case; expected at least one");
  }, 60_000);
});
