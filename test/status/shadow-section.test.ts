import { describe, expect, it } from "vitest";
import { createPairFold, type PairFold } from "../../detectors/pairs/pair-fold.ts";
import { pairsView } from "../../status/pairs-view.ts";
import { shadowSection } from "../../status/shadow-section.ts";
import type { ShadowSpend } from "../../store/pairs/shadow-spend.ts";
import { documentText, migrationOf } from "../agent/config/documents.ts";
import { aPair } from "../store/a-pair.ts";

const SPENT: ShadowSpend = { calls: 1310, tokens: 2_100_000, usd: 3.4, unpriced: 0 };

const ALIKE = { equal_exact: 1, equal_normalised: 1, similarity_tokens: 1, similarity_chars: 1 };
const OTHER = { equal_exact: 0, equal_normalised: 0, similarity_tokens: 0.1, similarity_chars: 0.1 };

const sectionOf = (fold: PairFold, today: ShadowSpend | null = SPENT, spendInAll = today): string => {
  const migration = migrationOf(documentText({}, "shadow: { budget: { calls: 20000, usd: 5 } }"));
  return shadowSection(pairsView(migration, fold.report(), { isShadowed: true, today, spendInAll, at: 1 })).markup;
};

const page = (regressions: number, value = "payment"): string => {
  const fold = createPairFold({ critical: [{ name: "input_type", values: ["payment"], limit: 0.01 }] });
  const segments = { input_type: value };
  for (let i = 0; i < 300; i++) fold.add(aPair({ numbers: ALIKE, segments }));
  for (let i = 0; i < regressions; i++) fold.add(aPair({ numbers: OTHER, segments, changed: ["refusal-new"] }));
  fold.add(aPair({ outcome: "budget-usd", calls: 12 }));
  return sectionOf(fold);
};

describe("the shadow on the status page", () => {
  it("says what the gate says, and has a row a segment whose figures stand beside the bar", () => {
    const markup = page(100);
    expect(markup).toContain('<span class="tag bad">breach</span>');
    expect(markup).toContain("300 neutral, 100 regression");
    expect(markup).toContain('<i class="regression" style="width:25.0%"></i>');
    expect(markup).toContain("input_type=payment");
    expect(markup).toContain("critical");
    expect(markup).toContain("412 calls to be shadowed: 400 paired, 12 budget-usd");
    expect(markup).toContain("refusal-new");
    expect(markup).toContain('<td>input_type=payment</td><td class="figure">400</td><td class="figure">100%</td>');
    expect(markup).toContain("12 budget-usd</td>");
  });

  it("is undecided before the first pair, and says so", () => {
    const markup = sectionOf(createPairFold());
    expect(markup).toContain('<span class="tag open">undecided</span>');
    expect(markup).toContain("No call was to be shadowed yet.");
  });

  it("says what of the day's budget is used up, and never calls it nothing where it is not known", () => {
    const spent = (today: ShadowSpend | null): string => sectionOf(createPairFold(), today);
    expect(spent(SPENT)).toContain("second calls today, UTC: 1,310 of 20,000 calls, 2,100,000 tokens, $3.40 of $5.00");
    expect(spent({ ...SPENT, unpriced: 12 })).toContain("; 12 calls have no known price and are not in it");
    expect(spent(null)).toContain("took is not known");
    expect(sectionOf(createPairFold(), null, SPENT)).toContain(
      "second calls in all: 1,310 calls, 2,100,000 tokens, $3.40",
    );
  });

  it("escapes what comes from production", () => {
    expect(page(0, '"><script>alert(1)</script>')).not.toContain("<script>");
  });
});
