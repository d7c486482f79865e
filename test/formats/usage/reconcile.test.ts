import { describe, expect, it } from "vitest";
import { reconcile, type Tokens } from "../../../formats/usage/reconcile.ts";
import { laterTokens, NO_TOKENS, type ReportedTokens } from "../../../formats/usage/reported-tokens.ts";
import { CACHE_APART, type Counted, type UsageConvention, unsaidFor } from "../../../formats/usage/usage-convention.ts";

const reported = (counts: Partial<ReportedTokens>): ReportedTokens => ({ ...NO_TOKENS, ...counts });

const UNSAID = unsaidFor("gemini-2.5-flash");
const APART: UsageConvention = { cache: "apart", reasoning: "apart", total: "everything", beyond: "unknown" };

describe("reported counts", () => {
  it.each<[string, Partial<ReportedTokens>, UsageConvention, Partial<Tokens>]>([
    ["nothing", {}, UNSAID, { input: null, output: null }],
    ["zeros alone", { input: 0, output: 0, total: 0 }, UNSAID, { input: null, output: null }],
    ["zeros, the cache's too", { input: 0, output: 0, cacheRead: 0 }, UNSAID, { input: null, cacheRead: null }],
    ["an input of nothing", { input: 0, output: 50 }, UNSAID, { input: null, output: 50 }],
    [
      "an input all of which was cached",
      { input: 0, output: 5, cacheRead: 900 },
      CACHE_APART,
      { input: 900, output: 5 },
    ],
    ["an answer of nothing", { input: 10, output: 0 }, UNSAID, { input: 10, output: 0 }],
    ["cached within", { input: 100, output: 5, cacheRead: 60 }, UNSAID, { input: 100 }],
    [
      "cached larger than the input",
      { input: 10, output: 5, total: 15, cacheRead: 1000, cacheWrite: 200 },
      UNSAID,
      { input: 1210, output: 5 },
    ],
    ["cached apart by the total", { input: 50, output: 5, total: 65, cacheRead: 10 }, UNSAID, { input: 60, output: 5 }],
    [
      "only what was written apart, by the total",
      { input: 100, output: 5, total: 125, cacheRead: 60, cacheWrite: 20 },
      UNSAID,
      { input: 120 },
    ],
    [
      "only what was read apart, by the total",
      { input: 100, output: 5, total: 165, cacheRead: 60, cacheWrite: 20 },
      UNSAID,
      { input: 160 },
    ],
    [
      "cached apart by convention, whatever the total",
      { input: 100, output: 5, total: 105, cacheRead: 60 },
      CACHE_APART,
      { input: 160 },
    ],
    [
      "all apart",
      { input: 6000, output: 5, total: 11_020, cacheRead: 5000, reasoning: 15 },
      APART,
      { input: 11_000, output: 20 },
    ],
    [
      "said to be apart, but within by the total",
      { input: 11_000, output: 20, total: 11_020, cacheRead: 5000, reasoning: 15 },
      APART,
      { input: 11_000, output: 20 },
    ],
    ["reasoning within", { input: 10, output: 25, total: 35, reasoning: 20 }, UNSAID, { output: 25 }],
    ["reasoning apart by the total", { input: 9, output: 25, total: 54, reasoning: 20 }, UNSAID, { output: 45 }],
    ["reasoning larger than the output", { input: 9, output: 5, reasoning: 20 }, UNSAID, { output: 25 }],
    [
      "both apart by the total",
      { input: 50, output: 5, total: 85, cacheRead: 10, reasoning: 20 },
      UNSAID,
      { input: 60, output: 25 },
    ],
    [
      "thoughts in the total alone",
      { input: 14, output: 1, total: 115 },
      UNSAID,
      { input: 14, output: 101, reasoning: null },
    ],
    [
      "a total of a model that hides none",
      { input: 10, output: 5, total: 1215 },
      unsaidFor("claude-opus-4-5"),
      { input: 10, output: 5 },
    ],
    ["a total smaller than its parts", { input: 10, output: 5, total: 7 }, UNSAID, { input: 10, output: 5 }],
    ["a total alone", { total: 70 }, UNSAID, { input: null, output: null }],
    ["an unknown output", { input: 10, total: 70, cacheRead: 4 }, UNSAID, { input: 10, output: null, cacheRead: 4 }],
    ["an unknown input", { output: 10, cacheRead: 4 }, UNSAID, { input: null, output: 10, cacheRead: 4 }],
  ])("%s", (_name, counts, convention, expected) => {
    expect(reconcile(reported(counts), convention)).toMatchObject(expected);
  });

  it("are taken back by no zero that comes later", () => {
    const before = reported({ input: 1200, output: 1, cacheRead: 100 });
    const after = reported({ input: 0, output: 50, cacheRead: 0, cacheWrite: 0 });
    expect(laterTokens(before, after)).toEqual(reported({ input: 1200, output: 50, cacheRead: 100, cacheWrite: 0 }));
    expect(laterTokens(before, NO_TOKENS)).toEqual(before);
  });
});

/** Every combination of few counts: all that can collide does. */
const COUNTS = [null, 0, 1, 2, 3, 10];
const WHERE: readonly Counted[] = ["within", "apart", "unsaid"];

function* everything(): Generator<readonly [ReportedTokens, UsageConvention]> {
  const conventions = WHERE.flatMap((cache) =>
    WHERE.flatMap((reasoning) =>
      (["everything", "both"] as const).flatMap((total) =>
        (["output", "unknown"] as const).map((beyond) => ({ cache, reasoning, total, beyond })),
      ),
    ),
  );
  for (const input of COUNTS)
    for (const output of COUNTS)
      for (const total of [null, 0, 4, 13, 26])
        for (const cacheRead of COUNTS)
          for (const cacheWrite of [null, 0, 2, 10])
            for (const reasoning of COUNTS)
              for (const convention of conventions)
                yield [{ input, output, total, cacheRead, cacheWrite, reasoning }, convention];
}

/** What is wrong with the counts; null when nothing is. */
const problem = (given: ReportedTokens, tokens: Tokens): string | null => {
  const cached = (tokens.cacheRead ?? 0) + (tokens.cacheWrite ?? 0);
  if (tokens.input !== null && cached > tokens.input) return "cached above input";
  if (tokens.output !== null && (tokens.reasoning ?? 0) > tokens.output) return "reasoning above output";
  if (tokens.input !== null && tokens.input < (given.input ?? 0)) return "less input than reported";
  if (tokens.output !== null && tokens.output < (given.output ?? 0)) return "less output than reported";
  if ((given.input === null && tokens.input !== null) || (given.output === null && tokens.output !== null))
    return "made up";
  const most = (given.input ?? 0) + (given.output ?? 0) + cached + (given.reasoning ?? 0);
  const sum = (tokens.input ?? 0) + (tokens.output ?? 0);
  if (sum > Math.max(most, given.total ?? 0)) return "more than was reported";
  return tokens.input === 0 ? "an input of nothing" : null;
};

it("no part is above what holds it, and nothing is made up, whatever is reported", () => {
  const wrong: unknown[] = [];
  let tried = 0;
  for (const [given, convention] of everything()) {
    tried += 1;
    const found = problem(given, reconcile(given, convention));
    if (found !== null && wrong.length < 3) wrong.push([found, given, convention]);
  }
  expect(wrong).toEqual([]);
  expect(tried).toBeGreaterThan(500_000);
});
