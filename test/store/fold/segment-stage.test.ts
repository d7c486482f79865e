import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Audience } from "../../../core/audience.ts";
import type { Arm } from "../../../core/cohort.ts";
import type { CallCount, Tick } from "../../../core/sample.ts";
import { narrowTick } from "../../../detectors/narrow-tick.ts";
import { audienceKey } from "../../../store/fold/audience-sql.ts";
import type { FoldRequest } from "../../../store/store.ts";
import { aBatch, aSpan, T0 } from "../a-span.ts";
import { freshMigration } from "../fresh-migration.ts";
import { openTestStore, type TestStore } from "../test-store.ts";

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.end());

const INTERNAL: Audience = { segment: "tier", values: ["internal"] };
const ODD: Audience = { segment: "tier", values: ["a'b\\c\n", "*other*", "ü \u{1f600}"] };
const LOWER: Audience = { segment: "tier", values: ["internal"], normalise: ["trim", "lower"] };

const insert = (migration: string, tiers: readonly (readonly [Arm, string | null, number])[], ms = 1000) =>
  test.store().insertSpans(
    aBatch(
      tiers.flatMap(([cohort, tier, n]) =>
        Array.from({ length: n }, () =>
          aSpan({
            migration,
            cohort,
            segments: { ...(tier === null ? {} : { tier }), language: "de" },
            end_ms: T0 + ms,
          }),
        ),
      ),
    ),
  );

const fold = (migration: string, seconds: number, more: Partial<FoldRequest> = {}): Promise<Tick> =>
  test.store().foldTick({
    ...{ migration, from: T0 + (seconds - 5) * 1000, to: T0 + seconds * 1000, stage: 0, share: 0.2 },
    segments: ["tier", "language"],
    ...more,
  });

const partOf = (tick: Tick, audience: Audience): Tick => {
  const own = narrowTick(tick, audienceKey(audience));
  if (own === null) throw new Error("not folded");
  return own;
};
const count = (calls: readonly CallCount[], cohort: Arm, segment = ""): number =>
  calls.find((each) => each.cohort === cohort && each.segment === segment)?.calls ?? 0;

describe("the ticks of a stage for a segment", () => {
  it("hold the segment's calls by themselves, within every other segment as well, beside everybody's", async () => {
    const migration = freshMigration();
    await insert(migration, [
      ["canary", "internal", 3],
      ["baseline", "internal", 7],
      ["baseline", "external", 20],
      ["baseline", null, 5],
      ["canary", "external", 2],
    ]);
    const tick = await fold(migration, 5, { audience: INTERNAL });
    expect([count(tick.calls, "canary"), count(tick.calls, "baseline")]).toEqual([5, 32]);
    const own = partOf(tick, INTERNAL);
    expect([count(own.calls, "canary"), count(own.calls, "baseline")]).toEqual([3, 7]);
    expect(count(own.calls, "baseline", "language=de")).toBe(7);
    expect(count(own.calls, "baseline", "tier=external")).toBe(0);
    expect(count(own.everybody ?? [], "canary")).toBe(5);
    expect(
      own.samples.find((each) => each.signal === "error" && each.cohort === "baseline" && each.segment === "")?.n,
    ).toBe(7);
    expect(tick.judgedPart).toBe(audienceKey(INTERNAL));
  });

  it("are, for everybody, what they would be without a segment", async () => {
    const [plain, parted] = [freshMigration(), freshMigration()];
    for (const migration of [plain, parted])
      await insert(migration, [
        ["canary", "internal", 3],
        ["baseline", "x", 7],
      ]);
    const [without, within] = [await fold(plain, 5), await fold(parted, 5, { audience: INTERNAL })];
    const everybody = narrowTick(within, null);
    expect({ ...everybody, migration: "" }).toEqual({ ...without, migration: "" });
  });

  it("are folded for the next stage as well, so that it can learn from them, and once where both are for the same", async () => {
    const migration = freshMigration();
    const next: Audience = { segment: "tier", values: ["low"] };
    await insert(migration, [
      ["baseline", "low", 4],
      ["baseline", "internal", 2],
    ]);
    const tick = await fold(migration, 5, { audience: INTERNAL, nextAudience: next });
    expect(count(partOf(tick, next).calls, "baseline")).toBe(4);
    expect(tick.judgedPart).toBe(audienceKey(INTERNAL));
    const same = await fold(migration, 10, { audience: INTERNAL, nextAudience: { ...INTERNAL } });
    expect(Object.keys(same.parts ?? {})).toEqual([audienceKey(INTERNAL)]);
    const before = await fold(migration, 15, { nextAudience: next });
    expect(before).not.toHaveProperty("judgedPart");
    expect(Object.keys(before.parts ?? {})).toEqual([audienceKey(next)]);
  });

  it("count each call once, also one that comes in late, across a change of the segment", async () => {
    const migration = freshMigration();
    await insert(migration, [["baseline", "internal", 4]]);
    const first = await fold(migration, 5, { audience: INTERNAL });
    await insert(
      migration,
      [
        ["baseline", "internal", 3],
        ["baseline", "low", 2],
      ],
      2000,
    );
    const second = await fold(migration, 10, { audience: INTERNAL });
    expect([first, second].map((tick) => count(partOf(tick, INTERNAL).calls, "baseline"))).toEqual([4, 3]);
    await insert(migration, [["baseline", "internal", 1]], 3000);
    const wide = await fold(migration, 15);
    expect(count(wide.calls, "baseline")).toBe(1);
    expect(narrowTick(wide, audienceKey(INTERNAL))).toBeNull();
  });

  it("say that the segment had no call", async () => {
    const migration = freshMigration();
    await insert(migration, [["baseline", "external", 4]]);
    expect(partOf(await fold(migration, 5, { audience: INTERNAL }), INTERNAL).calls).toEqual([
      { cohort: "baseline", segment: "", calls: 0 },
      { cohort: "canary", segment: "", calls: 0 },
    ]);
  });

  it.each<[string, Audience, readonly (string | null)[], number]>([
    [
      "strange characters, and what rare values are called",
      ODD,
      ["a'b\\c\n", "*other*", "ü \u{1f600}", "a'b", null],
      3,
    ],
    ["other case and blanks, where they count", INTERNAL, ["Internal", " internal", "internal"], 1],
    ["other case and blanks, where they do not", LOWER, ["Internal", "\tINTERNAL ", "internal", "x"], 3],
  ])("tell values apart: %s", async (_what, audience, tiers, expected) => {
    const migration = freshMigration();
    await insert(
      migration,
      tiers.map((tier) => ["baseline", tier, 1] as const),
    );
    const tick = await fold(migration, 5, { audience });
    expect(count(partOf(tick, audience).calls, "baseline")).toBe(expected);
  });

  it("find a value that is too rare to be folded by itself", async () => {
    const migration = freshMigration();
    const many = Array.from({ length: 400 }, (_, i) => ["baseline", `t${i}`, 2] as const);
    await insert(migration, [...many, ["baseline", "internal", 1]]);
    const tick = await fold(migration, 5, { audience: INTERNAL });
    expect(count(partOf(tick, INTERNAL).calls, "baseline")).toBe(1);
  });

  it("come back the same when they are read, by themselves and merged", async () => {
    const migration = freshMigration();
    await insert(migration, [
      ["canary", "internal", 3],
      ["baseline", "internal", 7],
    ]);
    const tick = await fold(migration, 5, { audience: INTERNAL, ruleSignals: ["error"] });
    const read: Tick[] = [];
    for await (const each of test.store().readTicks(migration, T0)) read.push(each);
    expect(read).toEqual([tick]);
  });
});
