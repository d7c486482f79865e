import { describe, expect, it } from "vitest";
import { isItsDocument } from "../../../core/migration.ts";
import { whyText } from "../../../core/why.ts";
import { documentText, migrationOf, problemsOf } from "./documents.ts";

const of = (why: string) => migrationOf(documentText({}, `why: ${why}`));

describe("why a migration is made", () => {
  it.each([
    ["{ deprecation: 2027-01-14 }", "the baseline is retired on 2027-01-14"],
    // A day that has come is a fact, and no mistake in the document.
    ["{ deprecation: 2019-02-28 }", "the baseline is retired on 2019-02-28"],
    ["{ improvement: { suite: suite.json } }", "improvement by the suite's result in suite.json"],
    ["{ improvement: { benchmark: MMLU +4 } }", "improvement by a benchmark: MMLU +4"],
    [
      "{ deprecation: 2027-01-14, cost: half the price, other: the vendor's contract ends }",
      "the baseline is retired on 2027-01-14; cost: half the price; the vendor's contract ends",
    ],
  ])("is read from %s", (written, text) => {
    expect(whyText(of(written).why ?? {})).toBe(text);
  });

  it("may be left out, as in all older documents", () => {
    expect(migrationOf(documentText()).why).toBeUndefined();
    expect(of("null")).toEqual(migrationOf(documentText()));
  });

  it("is no part of what the document is known by: it decides nothing, and may be written later", () => {
    const [plain, said] = [migrationOf(documentText()), of("{ deprecation: 2027-01-14 }")];
    expect([said.hash, said.earlierHashes]).toEqual([plain.hash, plain.earlierHashes]);
    expect(isItsDocument(plain, said.hash)).toBe(true);
  });

  it.each([
    ["a day without a year", '{ deprecation: "01-14" }', /why\.deprecation: "01-14"; expected a day with its year/],
    ["a year alone", "{ deprecation: 2027 }", /why\.deprecation: 2027; expected a day with its year/],
    ["a day that is none", "{ deprecation: 2027-02-30 }", /why\.deprecation: "2027-02-30"; expected a day/],
    ["a day in other words", "{ deprecation: 14 January 2027 }", /why\.deprecation: "14 January 2027"; expected a day/],
    ["a kind that is nearly one", "{ deprecated: 2027-01-14 }", /why\.deprecated: unknown key .*"deprecation"\?/],
    ["an unknown kind", "{ fashion: new is better }", /unknown key "fashion"; expected one of deprecation, improve/],
    ["nothing", "{}", /why: .*says nothing; expected one of deprecation/],
    ["an improvement by nothing", "{ improvement: {} }", /why\.improvement: .*says nothing; expected suite/],
    ["an improvement in words", "{ improvement: it is better }", /why\.improvement: /],
    ["blanks", '{ other: "  " }', /why\.other: empty/],
    ["a novel", `{ cost: ${"x".repeat(501)} }`, /why\.cost: too long; expected at most 500 characters/],
    ["words alone", "because", /why: /],
  ])("refuses %s", (_what, written, problem) => {
    const problems = problemsOf(documentText({}, `why: ${written}`));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });
});
