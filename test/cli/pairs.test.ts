import { describe, expect, it } from "vitest";
import type { ApiClient } from "../../cli/api-client.ts";
import { runAccept, runPairs } from "../../cli/commands/pairs.ts";
import { codeText } from "../../cli/render/pairs.ts";
import { LeewayError } from "../../core/errors.ts";
import { createPairFold } from "../../detectors/pairs/pair-fold.ts";
import { type PairsView, pairsView } from "../../status/pairs-view.ts";
import { documentText, migrationOf } from "../agent/config/documents.ts";
import { aPair } from "../store/a-pair.ts";

const ALIKE = { equal_exact: 1, equal_normalised: 1, similarity_tokens: 1, similarity_chars: 1 };

const viewOf = (regressions: number): PairsView => {
  const fold = createPairFold();
  const segments = { input_type: "pay\u001b[2Jment" };
  for (let i = 0; i < 700; i++) fold.add(aPair({ numbers: ALIKE, segments }));
  for (let i = 0; i < 100; i++) fold.add(aPair({ numbers: ALIKE, segments, kind: "rerun" }));
  for (let i = 0; i < regressions; i++) {
    const numbers = { ...ALIKE, equal_exact: 0, equal_normalised: 0, similarity_tokens: 0.1, similarity_chars: 0.1 };
    fold.add(aPair({ segments, numbers, changed: ["refusal-new", "tool-lost:search"] }));
  }
  fold.add(aPair({ outcome: "server-tools", calls: 40, segments }));
  fold.add(aPair({ outcome: "queue-full", calls: 3 }));
  return pairsView(migrationOf(documentText()), fold.report(), {
    isShadowed: true,
    at: 1,
    spendInAll: { calls: 9310, tokens: 12_100_000, usd: 23.4, unpriced: 2 },
    today: { calls: 7, tokens: 900, usd: 0.5, unpriced: 0 },
  });
};

const run = async (view: PairsView, options: Parameters<typeof runPairs>[2] = {}) => {
  const asked: unknown[] = [];
  const client = {
    get: async (path: string) => {
      asked.push(path);
      if (path.endsWith("/content")) throw new LeewayError("action-refused", "needs the scope content");
      return path.includes("/pairs/") ? aPair({ changed: ["text"], numbers: { length_ratio: 1.5 } }) : view;
    },
    post: async (path: string, body: unknown) => {
      asked.push(path, body);
      return { problem: "" };
    },
  } as unknown as ApiClient;
  let printed = "";
  const print = (text: string): void => {
    printed += text;
  };
  const code = await runPairs(client, "m", options, print);
  return { code, printed: () => printed, asked, client, print };
};

describe("leeway pairs", () => {
  it("shows the gate, each segment, what became of every call, and what differs, in words", async () => {
    const { code, printed } = await run(viewOf(200));
    expect(code).toBe(1);
    expect(printed()).toContain("gate: BREACH");
    expect(printed()).toMatch(/all +900 +0 +700 +200 +0 +0/);
    expect(printed()).toContain("calls to be shadowed: 943: 900 paired, 40 server-tools, 3 queue-full");
    expect(printed()).toContain("second calls today, UTC: 7 of 10,000 calls, 900 tokens, $0.50");
    expect(printed()).toContain(
      "second calls in all: 9,310 calls, 12,100,000 tokens, $23.40; 2 calls have no known price and are not in it",
    );
    expect(printed()).toMatch(/input_type=pay\S+ +940 +95.7% +40 server-tools/);
    expect(printed()).toMatch(/input_type: no value is known +3 +0% +3 queue-full/);
    expect(printed()).toContain("refusal-new: refuses what the served answer did");
    expect(printed()).toContain("tool-lost:search: does not call a tool that the served answer called (search)");
    // What a terminal would obey is written out.
    expect(printed()).not.toContain("\u001b");
  });

  it.each([
    [0, 0],
    [200, 1],
  ])("ends by what the gate says: %s regressions, exit %s", async (regressions, code) => {
    expect((await run(viewOf(regressions))).code).toBe(code);
  });

  it("is undecided without a pair, and says so", async () => {
    const moment = { isShadowed: true, at: 1, today: null, spendInAll: null };
    const { code, printed } = await run(pairsView(migrationOf(documentText()), createPairFold().report(), moment));
    expect([code, printed()]).toEqual([4, expect.stringContaining("no call was to be shadowed yet")]);
    expect(printed()).toContain("what today's second calls took is not known");
    expect(printed()).not.toContain("in all");
  });

  it("shows one class or one pair, and refuses a class that is none", async () => {
    expect((await run(viewOf(200), { class: "improvement" })).printed()).toContain(
      "no differences that are improvement",
    );
    const one = await run(viewOf(0), { pair: "ab/.." });
    const path = "/api/v1/migrations/m/pairs/ab%2F..";
    expect(one.asked).toEqual([path, `${path}/content`]);
    expect(one.printed()).toContain("what was asked and answered: needs the scope content");
    expect(one.printed()).toContain("text: the texts differ");
    expect(one.printed()).toContain("length_ratio: 1.5");
    await expect(run(viewOf(0), { class: "bad" })).rejects.toThrow("--class");
  });

  it("prints JSON as the API gives it", async () => {
    const view = viewOf(0);
    expect(JSON.parse((await run(view, { json: true })).printed())).toEqual(JSON.parse(JSON.stringify(view)));
  });
});

describe("leeway accept", () => {
  it("sends a person's word with its reason, and none without", async () => {
    const { client, asked, print, printed } = await run(viewOf(0));
    const options = { reason: "as wanted", segment: "input_type=faq", as: "improvement", by: "ana" };
    expect(await runAccept(client, "m", "0123456789ab", options, print)).toBe(0);
    expect(asked.slice(1)).toEqual([
      "/api/v1/migrations/m/pairs/words",
      { cluster: "0123456789ab", segment: "input_type=faq", as: "improvement", reason: "as wanted", by: "ana" },
    ]);
    expect(printed()).toContain("0123456789ab is called an improvement");
    await expect(runAccept(client, "m", "0123456789ab", { reason: " " }, print)).rejects.toThrow("no reason");
    await expect(runAccept(client, "m", "x", { reason: "r", as: "fine" }, print)).rejects.toThrow("--as");
  });
});

describe("a code in words", () => {
  it.each([
    ["unlike", "less alike than the baseline's own reruns"],
    ["novel:language:de", "never seen from the baseline: language:de"],
    ["of-a-newer-version:x", "of-a-newer-version:x"],
  ])("%s", (code, text) => {
    expect(codeText(code)).toBe(text);
  });
});
