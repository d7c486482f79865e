import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BaselineRow } from "../../../core/baseline-row.ts";
import type { ContentRow } from "../../../core/content-row.ts";
import type { SpanRow } from "../../../core/span-row.ts";
import type { BaselineDraw } from "../../../store/baselines/draw-baselines.ts";
import { aContent, aContentBatch } from "../a-content.ts";
import { aBatch, aSpan, T0 } from "../a-span.ts";
import { freshMigration } from "../fresh-migration.ts";
import { openTestStore, type TestStore } from "../test-store.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
  await test.store().keepContent(90 * DAY);
  await test.store().keepBaselines(365 * DAY);
});
afterAll(() => test.end());

const draw = (migration: string, more: Partial<BaselineDraw> = {}): BaselineDraw => ({
  ...{ migration, from: T0, to: T0 + HOUR, segment: "topic", share: 0.01, perSegment: 20, mostValues: 3, tail: 0.02 },
  ...more,
});

/** Calls with their spans, at T0. */
const put = async (
  migration: string,
  calls: readonly { readonly content?: Partial<ContentRow>; readonly span?: Partial<SpanRow> }[],
): Promise<readonly ContentRow[]> => {
  const contents = calls.map(({ content }) => aContent({ migration, ...content }));
  const spans = contents.map(({ trace_id, span_id, received_ms }, at) =>
    aSpan({ migration, cohort: "baseline", trace_id, span_id, received_ms, ...calls[at]?.span }),
  );
  await test.store().insertContent(aContentBatch(contents));
  await test.store().insertSpans(aBatch(spans));
  return contents;
};

const kept = (migration: string): Promise<readonly BaselineRow[]> =>
  test.store().baselinesAfter({
    ...{ migration, after: { receivedMs: 0, traceId: "", spanId: "" }, sinceMs: 0, limit: 10_000 },
  });

const many = (count: number, content: Partial<ContentRow> = {}, span: Partial<SpanRow> = {}) =>
  Array.from({ length: count }, () => ({ content, span }));

describe("a draw of examples", () => {
  it("keeps everything of a stratum that is small, as it came, and the weight is 1", async () => {
    const migration = freshMigration();
    const [first] = await put(migration, many(5, { segments: { topic: "faq" } }));
    await test.store().drawBaselines(draw(migration));
    const rows = await kept(migration);
    expect(rows).toHaveLength(5);
    const { stratum, weight, ...row } = rows.find(({ span_id: id }) => id === first?.span_id) ?? ({} as BaselineRow);
    expect({ stratum, weight }).toEqual({ stratum: "ordinary/faq", weight: 1 });
    expect(row).toEqual(first);
  });

  it("keeps the rare beside the many, and the weights add up to the calls", async () => {
    const migration = freshMigration();
    await put(
      migration,
      [
        ...many(2_000, { segments: { topic: "faq" } }),
        ...many(3, { segments: { topic: "faq" } }, { refusal_class: "hard" }),
        ...many(2, { segments: { topic: "billing" } }, { error: 1, error_type: "500" }),
        ...many(4, { segments: { topic: "faq" } }, { truncated: 1 }),
        ...many(2, { segments: { topic: "faq" } }, { features: { tool_calls: 1 } }),
        ...many(3, { segments: { topic: "faq" } }, { labels: { language: "fr" } }),
      ].map((call) => ({ content: call.content, span: { labels: { language: "en" }, ...call.span } })),
    );
    await test.store().drawBaselines(draw(migration));
    const strata = await test.store().baselineStrata(migration, 0);
    const byName = new Map(strata.map(({ stratum, ...counts }) => [stratum, counts]));
    expect([...byName.keys()].sort()).toEqual([
      ...["cut/faq", "failed/billing", "language/faq", "ordinary/faq", "refused/faq", "tools/faq"],
    ]);
    expect(byName.get("refused/faq")).toMatchObject({ kept: 3, calls: 3 });
    const ordinary = byName.get("ordinary/faq");
    // 20 of 2,000 are aimed at, more than the share.
    expect(ordinary?.kept).toBeGreaterThan(8);
    expect(ordinary?.kept).toBeLessThan(40);
    expect(ordinary?.calls).toBeCloseTo((ordinary?.kept ?? 0) * 100, 6);
  });

  it("keeps the same calls when it is made twice, as two agents do", async () => {
    const migration = freshMigration();
    await put(migration, many(400));
    await test.store().drawBaselines(draw(migration));
    const first = await kept(migration);
    await test.store().drawBaselines(draw(migration));
    expect(await kept(migration)).toEqual(first);
  });

  it("goes on with its share alone once there is enough, of hours that are over", async () => {
    const migration = freshMigration();
    await put(migration, many(30));
    await put(migration, many(1_000, { received_ms: T0 + HOUR }, { received_ms: T0 + HOUR }));
    await test.store().drawBaselines(draw(migration, { perSegment: 30, share: 0.05 }));
    await test
      .store()
      .drawBaselines(draw(migration, { perSegment: 30, share: 0.05, from: T0 + HOUR, to: T0 + 2 * HOUR }));
    const rows = await kept(migration);
    expect(rows.filter(({ weight }) => weight === 1)).toHaveLength(30);
    const later = rows.filter(({ weight }) => weight > 1);
    expect(later.every(({ weight }) => Math.abs(weight - 20) < 1e-9)).toBe(true);
    expect(later.length).toBeGreaterThan(25);
    expect(later.length).toBeLessThan(80);
    expect(await test.store().newestBaselineHour(migration)).toBe(T0 + HOUR);
  });

  it("has the long and the short beside the rest, and values beyond the most as other", async () => {
    const migration = freshMigration();
    await put(migration, [
      ...many(100, { output_tokens: 50 }),
      ...many(1, { output_tokens: 9_000 }),
      ...["a", "b", "c"].flatMap((topic) => many(20, { output_tokens: 50, segments: { topic } })),
      ...["'x\n", "\u{1f600}"].flatMap((topic) => many(1, { output_tokens: 50, segments: { topic } })),
    ]);
    await test.store().drawBaselines(draw(migration, { tail: 0.01 }));
    const strata = (await test.store().baselineStrata(migration, 0)).map(({ stratum }) => stratum);
    expect(strata.sort()).toEqual([
      ...["length/none", "ordinary/a", "ordinary/b", "ordinary/c", "ordinary/none", "ordinary/other"],
    ]);
  });

  it("draws from the baseline's served calls of the hour alone, each once, with or without their spans", async () => {
    const migration = freshMigration();
    const [twice] = await put(migration, many(1));
    const alone = aContent({ migration });
    await test
      .store()
      .insertContent(
        aContentBatch([
          ...(twice === undefined ? [] : [twice]),
          alone,
          aContent({ migration, cohort: "canary" }),
          aContent({ migration, cohort: "shadow", pair_id: "p" }),
          aContent({ migration, received_ms: T0 + HOUR }),
          aContent({ migration, messages: "" }),
        ]),
      );
    await test.store().drawBaselines(draw(migration, { segment: "" }));
    const rows = await kept(migration);
    expect(rows.map(({ span_id: id }) => id).sort()).toEqual([twice?.span_id, alone.span_id].sort());
    expect(rows.map(({ stratum }) => stratum)).toEqual(["ordinary", "ordinary"]);
    expect(await test.store().newestBaselineHour(freshMigration())).toBeNull();
  });
});
