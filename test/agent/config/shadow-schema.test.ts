import { describe, expect, it } from "vitest";
import { DEFAULT_SHADOW } from "../../../core/shadow.ts";
import { revisionDifferences } from "../../../status/revision-differences.ts";
import { documentText, migrationOf, problemsOf } from "./documents.ts";

const STAGES = { stages: "stages: [{ shadow: 100%, for: 7d }, { canary: 5%, for: 1h }]" };
const shadowed = (text: string): string => documentText(STAGES, text === "" ? "" : `shadow: ${text}`);

describe("the shadow of a document", () => {
  it("is left out where nothing is said, and has its defaults where little is", () => {
    expect(migrationOf(shadowed("")).shadow).toBeUndefined();
    expect(migrationOf(shadowed("{}")).shadow).toEqual(DEFAULT_SHADOW);
  });

  it("has everything that can be written", () => {
    const text = `{ baseUrl: "https://api.example.com/v1", key: CANDIDATE_KEY, timeout: 20s, concurrency: 2, selfRerun: 5%,
  segment: { input_type: [faq, order] }, budget: { calls: 500, tokens: 1000000, usd: 12.5 }, limit: 2%, novel: 1%,
  similarity: { model: text-embedding-3-small, baseUrl: "https://e.example/v1", key: EMBEDDING_KEY },
  judge: { model: claude-x, baseUrl: "https://j.example/v1", share: 5%, rubric: "Shorter is better." },
  critical: { input_type: [payment], limit: 1% } }`;
    expect(migrationOf(shadowed(text)).shadow).toEqual({
      ...{ baseUrl: "https://api.example.com/v1", key: "CANDIDATE_KEY", timeoutMs: 20_000, concurrency: 2 },
      ...{ selfRerun: 0.05, audience: { segment: "input_type", values: ["faq", "order"] } },
      ...{ budget: { calls: 500, tokens: 1_000_000, usd: 12.5 }, limit: 0.02, novel: 0.01 },
      similarity: { model: "text-embedding-3-small", baseUrl: "https://e.example/v1", key: "EMBEDDING_KEY" },
      judge: {
        ...{ model: "claude-x", baseUrl: "https://j.example/v1", key: null, share: 0.05 },
        ...{ rubric: "Shorter is better.", temperature: 0 },
      },
      critical: [{ audience: { segment: "input_type", values: ["payment"] }, limit: 0.01 }],
    });
  });

  it.each([
    ["{ key: sk-live-1234 }", "shadow.key: no name of a variable"],
    ["{ baseUrl: 'https://user:pw@host' }", "shadow.baseUrl: no usable address"],
    ["{ baseUrl: 'ftp://host' }", "shadow.baseUrl: no usable address"],
    ["{ concurrency: 0 }", "shadow.concurrency"],
    ["{ limit: 0% }", "shadow.limit: 0% can never be shown"],
    ["{ limit: 300% }", "shadow.limit"],
    ["{ budget: { calls: -1 } }", "shadow.budget.calls"],
    ["{ budget: { euros: 5 } }", "shadow.budget"],
    ["{ segment: { tier: free } }", "shadow.segment.tier"],
    ["{ critical: { input_type: [payment] } }", "shadow.critical: not usable; expected one segment and its limit"],
    ["{ critical: { input_type: [payment], limit: 20% } }", "shadow.critical[0].limit: more than shadow.limit"],
    ["{ critical: [{ input_type: [payment], limit: oops }] }", "shadow.critical[0].limit: no percentage"],
    ["{ critical: [{ tier: [gold], limit: 1% }] }", "shadow.critical[0].tier"],
    ["{ similarity: { baseUrl: 'https://e.example' } }", "shadow.similarity.model"],
    ["{ similarity: { model: in-process/other } }", "shadow.similarity.model"],
    ["{ similarity: { model: in-process/use-lite, baseUrl: 'https://e.example' } }", "shadow.similarity"],
    ["{ similarity: { model: in-process/use-lite, key: EMBEDDING_KEY } }", "shadow.similarity"],
    ["{ mode: fast }", "shadow"],
  ])("says what is wrong with %s", (text, expected) => {
    expect(problemsOf(shadowed(text)).join("\n")).toContain(expected);
  });

  it("has no judge of either arm's family", () => {
    const arms = { baseline: "baseline: { model: gpt-4o }", candidate: "candidate: { model: gemini-2.5-pro }" };
    const of = (model: string) =>
      problemsOf(
        documentText({ ...STAGES, ...arms }, `shadow: { judge: { model: ${model}, baseUrl: "https://j.example" } }`),
      );
    expect(of("claude-x")).toEqual([]);
    expect(of("gpt-5-mini").join()).toContain("shadow.judge.model: of the family of gpt-4o");
    expect(of("gemini-flash").join()).toContain("of the family of gemini-2.5-pro");
  });

  it("never shows what somebody took for the place of a key", () => {
    expect(problemsOf(shadowed("{ key: sk-live-1234 }")).join("\n")).not.toContain("sk-live-1234");
  });

  it.each([
    [
      "where it is carried out",
      "{ baseUrl: 'https://other.example', key: OTHER, timeout: 5s, budget: { usd: 3 } }",
      true,
    ],
    ["the defaults, written out", "{ limit: 3%, novel: 0.5%, selfRerun: 2% }", true],
    ["another limit", "{ limit: 2% }", false],
    ["a critical segment", "{ critical: { input_type: [payment], limit: 1% } }", false],
    ["another way to tell likeness", "{ similarity: { model: e } }", false],
    ["another judge", "{ judge: { model: j, baseUrl: 'https://j.example' } }", false],
    ["other calls", "{ segment: { input_type: faq } }", false],
  ])("is part of the hash where it decides: %s", (_what, text, isSame) => {
    expect(migrationOf(shadowed(text)).hash === migrationOf(shadowed("")).hash).toBe(isSame);
  });

  it.each([
    ["{ limit: 2% }", "{ limit: 3% }", "looser"],
    ["{ limit: 3% }", "{ limit: 2% }", "tighter"],
    ["{ critical: { input_type: [payment], limit: 1% } }", "{}", "looser"],
    ["{}", "{ critical: { input_type: [payment], limit: 1% } }", "tighter"],
    ["{}", "{ segment: { input_type: faq } }", "looser"],
    ["{ selfRerun: 2% }", "{ selfRerun: 0% }", "looser"],
  ])("from %s to %s is %s", (before, after, effect) => {
    const told = revisionDifferences(migrationOf(shadowed(before)), migrationOf(shadowed(after)));
    expect(told).toMatchObject([{ effect, text: expect.stringMatching(/^shadow: regressions at most/) }]);
  });
});
