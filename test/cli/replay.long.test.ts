import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type ModelServer, startModelServer } from "../agent/replay/model-server.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { cleanEnvironment } from "../package/run-process.ts";
import { leeway, MAIN } from "./leeway.ts";

let server: ModelServer;
afterEach(() => server.close());

const COUNT = 300;
const KILLS = 10;
const corpus = (count: number): string =>
  Array.from({ length: count }, (_, at) =>
    JSON.stringify({ prompt_id: `p${at}`, prompt: `q${at}`, max_tokens: 20 }),
  ).join("\n");

const argumentsFor = (more: readonly string[] = []): readonly string[] => [
  ...["replay", "corpus.jsonl", "--model", "m-1", "--base-url", server.baseUrl, "--out", "out.jsonl", ...more],
];

const idsIn = (folder: string): readonly string[] => {
  const path = join(folder, "out.jsonl");
  if (!existsSync(path)) return [];
  const text = readFileSync(path, "utf8");
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => String((JSON.parse(line) as { readonly prompt_id: unknown }).prompt_id));
};

describe("leeway replay", () => {
  it(`killed ${KILLS} times, asks nothing again whose answer it had, and loses none`, async () => {
    const killAfter = Array.from({ length: KILLS }, (_, at) => 12 + ((at * 7) % 15));
    let child: ChildProcess | null = null;
    let left = Number.POSITIVE_INFINITY;
    server = await startModelServer(() => {
      left -= 1;
      if (left === 0) child?.kill("SIGKILL");
      return { is: "answer", afterMs: 10 };
    });
    const folder = temporaryDirectory({ "corpus.jsonl": corpus(COUNT) });
    for (const after of killAfter) {
      const [known, before] = [idsIn(folder), new Map(server.asked)];
      left = after;
      child = spawn(process.execPath, [MAIN, ...argumentsFor()], {
        cwd: folder,
        env: cleanEnvironment(),
        stdio: "ignore",
      });
      await once(child, "exit");
      expect(child.signalCode).toBe("SIGKILL");
      for (const id of known) {
        const question = `q${id.slice(1)}`;
        expect(server.asked.get(question)).toBe(before.get(question));
      }
    }
    left = Number.POSITIVE_INFINITY;
    const { code, stdout } = await leeway(folder, argumentsFor(["--json"]));
    expect(code).toBe(0);
    const ids = idsIn(folder);
    expect([ids.length, new Set(ids).size]).toEqual([COUNT, COUNT]);
    // Only what was under way at a kill was asked a second time.
    const asked = [...server.asked.values()].reduce((sum, times) => sum + times, 0);
    expect(asked - COUNT).toBeLessThanOrEqual(KILLS * 16);
    expect(JSON.parse(stdout)).toMatchObject({ schema: "leeway.replay/1", stopped: "", failed: [], wanted: COUNT });
    expect(existsSync(join(folder, ".out.jsonl.asked"))).toBe(false);
  }, 120_000);

  it("waits for what is under way when it is told to end, and says how to go on", async () => {
    let child: ChildProcess | null = null;
    server = await startModelServer(() => {
      if (server.requests.length === 20) child?.kill("SIGINT");
      return { is: "answer", afterMs: 50 };
    });
    const folder = temporaryDirectory({ "corpus.jsonl": corpus(60) });
    child = spawn(process.execPath, [MAIN, ...argumentsFor()], {
      cwd: folder,
      env: cleanEnvironment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout?.on("data", (chunk) => (stdout += String(chunk)));
    child.stderr?.on("data", (chunk) => (stderr += String(chunk)));
    const [code] = await once(child, "close");
    expect(code).toBe(4);
    expect(stderr).toContain("ending: what was asked is waited for");
    expect(stdout).toContain("stopped: it was told to end");
    expect(stdout).toContain("the same command goes on where this one ended");
    expect(idsIn(folder).length).toBe(server.requests.length);
  }, 60_000);

  it("says before it asks what there is to ask, and what is wrong with what is given", async () => {
    server = await startModelServer(() => ({ is: "answer" }));
    const folder = temporaryDirectory({
      "corpus.jsonl": `${corpus(3)}\n{"prompt":"x","thinking":{}}\nnothing\n`,
      "prices.yaml": "m-1: { input: 1, output: 10 }\n",
    });
    const dry = await leeway(folder, argumentsFor(["--dry-run", "--prices", "prices.yaml", "--repeat", "2"]));
    expect(dry.code).toBe(1);
    expect(dry.stdout).toContain("3 questions to m-1 (openai-compatible), 2 times each: 6 calls");
    expect(dry.stdout).toMatch(/at most \$0\.00\d+/);
    expect(dry.stdout).toContain("1 cannot be asked: thinking: cannot be said to every provider");
    expect(dry.stdout).toContain("corpus.jsonl:5");
    expect(server.requests).toHaveLength(0);
    const errors = await Promise.all([
      leeway(folder, ["replay", "corpus.jsonl", "--model", "llama-9", "--out", "o"]),
      leeway(folder, ["replay", "corpus.jsonl", "--model", "gpt-5", "--out", "o"]),
      leeway(folder, argumentsFor(["--max-usd", "1"])),
      leeway(folder, argumentsFor(["--repeat", "0"])),
      leeway(folder, ["replay", "none.jsonl", "--model", "m", "--base-url", server.baseUrl, "--out", "o"]),
      leeway(folder, ["replay", "corpus.jsonl", "--model", "m", "--base-url", "http://models.example", "--out", "o"]),
    ]);
    expect(errors.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(errors.map(({ stderr }) => stderr)).toEqual([
      expect.stringMatching(/^--model llama-9: whose it is is not known; expected --provider with one of openai, /),
      expect.stringMatching(/^OPENAI_API_KEY: not set in the environment; expected the key of openai/),
      expect.stringMatching(/^--max-usd: the model has no price/),
      expect.stringMatching(/^--repeat: "0"; expected a whole number from 1 to 1000/),
      expect.stringMatching(/^none\.jsonl: cannot be read/),
      expect.stringMatching(/^--base-url: http, which shows the key to everybody on the way/),
    ]);
  }, 60_000);
});
