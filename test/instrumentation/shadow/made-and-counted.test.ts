import { describe, expect, it } from "vitest";
import type { ShadowCall } from "../../../instrumentation/shadow-functions.ts";
import { createShadowBench, type ShadowBench, served } from "./shadow-bench.ts";

/** Uniform in [0, 1), the same for the same seed. */
const randomOf = (seed: number): (() => number) => {
  let state = seed * 2_654_435_769 + 1;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
};

type Way = (call: ShadowCall, bench: ShadowBench) => unknown;

const WAYS: readonly Way[] = [
  () => "an answer",
  async () => ({ text: "the answer" }),
  () => {
    throw new Error("thrown");
  },
  () => Promise.reject(new Error("rejected")),
  () => new Promise(() => undefined),
  async () => null,
  async ({ stubTools }) => stubTools({ find: async (_args: unknown) => "x" }).find({ a: Math.PI }),
  (call) => {
    Object.assign(call.body, { messages: null });
    return new Promise((resolve) => call.signal.addEventListener("abort", () => resolve("late")));
  },
  async (_call, bench) => {
    bench.callModel();
    bench.callModel();
    return { choices: [{ message: { content: "hello" }, finish_reason: "stop" }] };
  },
  async (_call, bench) => {
    bench.register({ run: async () => "another function" });
    return "an answer";
  },
];

const BODIES = [{}, { store: true }, { tools: [{ type: "web_search" }] }, { input: [{ file_id: "f" }] }];

describe("calls that were served", () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    "are pairs or counted by reason, each once (seed %i)",
    async (seed) => {
      const random = randomOf(seed);
      const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
      const bench = createShadowBench(
        {
          ...{ share: random() < 0.5 ? 1 : 0.7, concurrency: 1 + Math.floor(random() * 6) },
          left: { calls: random() < 0.3 ? 40 : null, tokens: random() < 0.2 ? 5000 : null, usd: null },
        },
        random,
      );
      const unit = random() < 0.5 ? "run" : "call";
      const run = (call: ShadowCall): never => pick(WAYS)(call, bench) as never;
      const calls = 50 + Math.floor(random() * 400);
      let back = bench.register({ unit, run });
      for (let i = 0; i < calls; i += 1) {
        const toolCalls = random() < 0.3 ? [{ name: "find", arguments: "{}" }] : [];
        const errorType = random() < 0.05 ? "500" : null;
        bench.shadow.heard(served(random() < 0.2 ? pick(BODIES) : {}, { toolCalls, errorType }));
        if (random() < 0.02) {
          back();
          back = bench.register({ unit, run });
        }
        if (random() < 0.1) await bench.pass(random() * 3000);
        if (random() < 0.02) bench.shadow.renew([bench.plan]);
      }
      if (random() < 0.7) await bench.pass(400_000);
      bench.shadow.end();
      await bench.pass(400_000);
      const counted = Object.values(bench.outcomes()).reduce((sum, each) => sum + each, 0);
      expect([counted, bench.errors]).toEqual([calls, []]);
      const ofFree = bench.pairs().filter((pair) => pair["leeway.segment.tier"] === "free");
      expect(ofFree).toHaveLength(bench.pairs().length);
      const ids = bench.pairs().map((pair) => pair["leeway.pair_id"]);
      expect(new Set(ids).size).toBe(ids.length);
    },
  );
});
