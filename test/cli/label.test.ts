import { describe, expect, it } from "vitest";
import type { ApiClient } from "../../cli/api-client.ts";
import { labelPairs, runLabel } from "../../cli/commands/label.ts";
import { LeewayError } from "../../core/errors.ts";

const PAIR = "ab".repeat(16);
const QUESTION = {
  ...{ schema: "leeway.label/1", done: { yours: 3, all: 9 }, reason: "" },
  question: { pair: PAIR, asked: "user: Where\u001b[2J?", a: "On its way.", b: "Who knows.", isShortened: true },
};
const NONE = { ...QUESTION, question: null, reason: "no pair is left" };

const session = (keys: readonly string[], answers: readonly unknown[] = [QUESTION, NONE]) => {
  const posted: unknown[] = [];
  let [printed, asked, key] = ["", 0, 0];
  const client = {
    get: async () => answers[Math.min(asked++, answers.length - 1)],
    post: async (_path: string, body: unknown) => {
      posted.push(body);
      return { outcome: "done", problem: "" };
    },
  } as unknown as ApiClient;
  const terminal = {
    print: (text: string) => {
      printed += text;
    },
    ask: async () => keys[key++] ?? null,
    width: 80,
  };
  return { client, terminal, posted, printed: () => printed };
};

describe("leeway label", () => {
  it("shows a pair, takes a key, and goes on until none is left", async () => {
    const { client, terminal, posted, printed } = session(["x", " B "]);
    expect(await labelPairs(client, "m", { by: "ana" }, terminal)).toBe(0);
    expect(posted).toEqual([{ pair: PAIR, word: "b", by: "ana" }]);
    expect(printed()).toContain("9 pairs are read, 3 of them by you\nthe app shortened some of this");
    expect(printed()).toMatch(/A +\| B/);
    expect(printed()).toContain("no pair is left");
    expect(printed()).not.toContain("\u001b");
  });

  it.each([[["q"]], [[]]])("ends at %s without a word", async (keys) => {
    const { client, terminal, posted } = session(keys);
    expect(await labelPairs(client, "m", {}, terminal)).toBe(0);
    expect(posted).toEqual([]);
  });

  it("goes on where somebody else was faster, and not where there is no agent", async () => {
    const { client, terminal, printed } = session(["a", "a"]);
    const failing = (code: "action-refused" | "agent-unreachable") =>
      ({ ...client, post: () => Promise.reject(new LeewayError(code, "it is gone")) }) as ApiClient;
    expect(await labelPairs(failing("action-refused"), "m", {}, terminal)).toBe(0);
    expect(printed()).toContain("LOOK: it is gone");
    const other = session(["a"]);
    await expect(
      labelPairs(
        { ...other.client, post: () => Promise.reject(new LeewayError("agent-unreachable", "no agent")) },
        "m",
        {},
        other.terminal,
      ),
    ).rejects.toThrow("no agent");
  });

  it("without a terminal prints a pair as JSON and takes one word", async () => {
    const { client, posted, printed, terminal } = session([]);
    expect(await runLabel(client, "m", { json: true }, terminal.print)).toBe(0);
    expect(JSON.parse(printed())).toEqual(QUESTION);
    await runLabel(client, "m", { pair: PAIR, word: "same", by: "ana" }, terminal.print);
    expect(posted).toEqual([{ pair: PAIR, word: "same", by: "ana" }]);
    await expect(runLabel(client, "m", { pair: PAIR }, terminal.print)).rejects.toThrow(
      "--pair and --word belong together",
    );
  });
});
