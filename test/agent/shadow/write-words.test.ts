import { describe, expect, it } from "vitest";
import type { PairSorting } from "../../../agent/shadow/pair-watch.ts";
import { createWriteWords } from "../../../agent/shadow/write-words.ts";
import type { PairRow } from "../../../core/pair-row.ts";
import type { SortedPair } from "../../../detectors/pairs/sort-pair.ts";
import type { JudgedPair } from "../../../store/pairs/judged-pair.ts";
import { aPair } from "../../store/a-pair.ts";
import { T0 } from "../../store/a-span.ts";
import { documentText, migrationOf } from "../config/documents.ts";

const STAGES = { stages: "stages: [{ shadow: 100%, for: 1h }, { canary: 5%, for: 1h }]" };
const by = (a: PairRow, b: PairRow): number => a.received_ms - b.received_ms || (a.id < b.id ? -1 : 1);

const world = () => {
  const migration = migrationOf(documentText(STAGES));
  const rows: PairRow[] = [];
  const written: JudgedPair[] = [];
  let now = T0 + 60_000;
  let [isDown, life, version, isBehind] = [false, "1", "1", false];
  let word: SortedPair["class"] = "undecided";
  const sorting = (): PairSorting | null =>
    isBehind
      ? null
      : {
          ...{ life, by: version, since: T0 - 1 },
          sort: (row) =>
            ["", ...Object.entries(row.segments).map((each) => each.join("="))].map((segment) => ({
              ...{ segment, class: word, rule: "nothing", cluster: "" },
            })),
        };
  const store = {
    readPairs: async ({ after, limit }: { after: { receivedMs: number; id: string }; limit: number }) => {
      if (isDown) throw new Error("the store is down");
      return rows
        .toSorted(by)
        .filter(
          (row) => row.received_ms > after.receivedMs || (row.received_ms === after.receivedMs && row.id > after.id),
        )
        .slice(0, limit);
    },
    pairWords: async ({ fromMs, untilMs }: { fromMs: number; untilMs: number }) => {
      const latest = new Map<string, JudgedPair>();
      for (const each of written)
        if (each.receivedMs >= fromMs && each.receivedMs <= untilMs) latest.set(each.pairId + each.segment, each);
      return [...latest.values()];
    },
    insertPairWords: async (some: readonly JudgedPair[]) => void written.push(...some),
  };
  const writer = () =>
    createWriteWords({
      ...{ store, now: () => now },
      runners: () => [{ migration, pairs: { sorting } }],
    });
  return {
    ...{ rows, written, writer },
    pass: (ms: number) => {
      now += ms;
    },
    set: (next: { down?: boolean; life?: string; version?: string; behind?: boolean; word?: SortedPair["class"] }) => {
      ({ down: isDown = isDown, life = life, version = version, behind: isBehind = isBehind, word = word } = next);
    },
  };
};

describe("what pairs are judged to be", () => {
  it("is written once of each pair and segment, new pairs as they come", async () => {
    const { rows, written, writer } = world();
    const one = writer();
    rows.push(aPair({ segments: { tier: "free" } }), aPair({ kind: "rerun" }), aPair({ outcome: "failed" }));
    await one.look();
    expect(written.map(({ segment, word }) => [segment, word])).toEqual([
      ["", "undecided"],
      ["tier=free", "undecided"],
    ]);
    rows.push(aPair({ received_ms: T0 + 10 }));
    await one.look();
    await one.look();
    expect(written).toHaveLength(3);
  });

  it("is written by two agents at once, and stands there as one word", async () => {
    const { rows, written, writer } = world();
    rows.push(...Array.from({ length: 2500 }, () => aPair()));
    const [one, other] = [writer(), writer()];
    await Promise.all([one.look(), other.look()]);
    const after = written.length;
    expect(new Set(written.map(({ pairId }) => pairId)).size).toBe(2500);
    await Promise.all([one.look(), other.look(), writer().look()]);
    expect(written).toHaveLength(after);
  });

  it("changes when what they are judged by does, of all pairs, and only what changed is written", async () => {
    const { rows, written, writer, set } = world();
    rows.push(...Array.from({ length: 10 }, () => aPair()));
    const one = writer();
    await one.look();
    set({ version: "2", word: "neutral" });
    await one.look();
    expect(written.slice(10).map(({ word }) => word)).toEqual(Array.from({ length: 10 }, () => "neutral"));
    set({ version: "3" });
    await one.look();
    expect(written).toHaveLength(20);
  });

  it("is looked at anew each hour: a pair that was stored late is judged too", async () => {
    const { rows, written, writer, pass } = world();
    rows.push(aPair({ received_ms: T0 + 100 }));
    const one = writer();
    await one.look();
    rows.push(aPair({ received_ms: T0 + 50 }));
    await one.look();
    expect(written).toHaveLength(1);
    pass(3_600_000);
    await one.look();
    expect(written).toHaveLength(2);
  });

  it("is written a part at a time, goes on where it was, and comes to its end while the version changes", async () => {
    const { rows, written, writer, set } = world();
    rows.push(...Array.from({ length: 20_500 }, () => aPair()));
    const one = writer();
    await one.look();
    expect(written).toHaveLength(20_000);
    set({ version: "2" });
    await one.look();
    expect(written).toHaveLength(20_500);
  });

  it("waits while pairs are being read, and says what failed", async () => {
    const { rows, written, writer, set } = world();
    rows.push(aPair());
    const one = writer();
    set({ behind: true });
    await one.look();
    set({ behind: false, down: true });
    await expect(one.look()).rejects.toThrow("m: the store is down");
    expect(written).toEqual([]);
    set({ down: false });
    await one.look();
    expect(written).toHaveLength(1);
  });
});
