import { describe, expect, it } from "vitest";
import { createPairWatch } from "../../../agent/shadow/pair-watch.ts";
import type { LedgerEntry, LedgerEvent } from "../../../core/ledger.ts";
import type { PairRow } from "../../../core/pair-row.ts";
import { seededRandom } from "../../../core/seeded-random.ts";
import { aPair } from "../../store/a-pair.ts";
import { T0 } from "../../store/a-span.ts";
import { documentText, migrationOf } from "../config/documents.ts";

const STAGES = { stages: "stages: [{ shadow: 100%, for: 1h }, { canary: 5%, for: 1h }]" };
const by = (a: PairRow, b: PairRow): number => a.received_ms - b.received_ms || (a.id < b.id ? -1 : 1);

const world = (shadow = "{}") => {
  let migration = migrationOf(documentText(STAGES, `shadow: ${shadow}`));
  let [now, since, isDown] = [T0, T0 - 1000, false];
  const rows: PairRow[] = [];
  const entries: LedgerEntry[] = [];
  const asked: number[] = [];
  const watch = createPairWatch({
    history: { migration: () => migration, state: () => ({ since }) as never, entries: () => entries },
    readPairs: async ({ after, limit }) => {
      if (isDown) throw new Error("the store is down");
      const found = rows
        .toSorted(by)
        .filter(
          (row) => row.received_ms > after.receivedMs || (row.received_ms === after.receivedMs && row.id > after.id),
        );
      asked.push(Math.min(found.length, limit));
      return found.slice(0, limit);
    },
    now: () => now,
  });
  const say = (event: Extract<LedgerEvent, { readonly type: "triaged" | "labelled" }>): void =>
    void entries.push({
      id: `${entries.length}`,
      at: now,
      migration: "m",
      by: "ana",
      incident: "",
      event,
    } as LedgerEntry);
  return {
    ...{ watch, rows, asked, say },
    pass: (ms: number) => {
      now += ms;
    },
    restart: () => {
      since = now;
    },
    revise: (text: string) => {
      migration = migrationOf(documentText(STAGES, `shadow: ${text}`));
    },
    down: (is: boolean) => {
      isDown = is;
    },
    now: () => now,
  };
};

const equal = (count: number, fields: Partial<PairRow> = {}): PairRow[] =>
  Array.from({ length: count }, () =>
    aPair({ numbers: { equal_exact: 1, equal_normalised: 1, similarity_tokens: 1, similarity_chars: 1 }, ...fields }),
  );
const refused = (count: number): PairRow[] =>
  Array.from({ length: count }, () =>
    aPair({
      numbers: { equal_exact: 0, equal_normalised: 0, similarity_tokens: 0.05, similarity_chars: 0.1 },
      changed: ["refusal-new", "text"],
      other_values: ["finish:stop", "refusal:hard"],
    }),
  );

describe("what the gate of a shadow stage goes by", () => {
  it("is undecided without a pair, and while pairs are still to be read", async () => {
    const { watch, rows } = world();
    expect(watch.evidence().outcome).toBe("undecided");
    await watch.look();
    expect(watch.evidence()).toMatchObject({ outcome: "undecided", reason: expect.stringContaining("no pair") });
    rows.push(...equal(41_000));
    await watch.look();
    expect(watch.evidence()).toMatchObject({ outcome: "undecided", reason: expect.stringContaining("being read") });
    await watch.look();
    expect(watch.evidence().outcome).toBe("clear");
  });

  it("is clear by pairs that are alike, and a breach by regressions beyond the limit", async () => {
    const good = world();
    good.rows.push(...equal(800), ...equal(100, { kind: "rerun" }));
    await good.watch.look();
    expect(good.watch.evidence().outcome).toBe("clear");
    const bad = world();
    bad.rows.push(...equal(700), ...equal(100, { kind: "rerun" }), ...refused(200));
    await bad.watch.look();
    expect(bad.watch.evidence()).toMatchObject({ outcome: "breach", reason: expect.stringContaining("refusal-new") });
  });

  it("is undecided while the store cannot be read, whatever it said before", async () => {
    const { watch, rows, down } = world();
    rows.push(...equal(900));
    await watch.look();
    down(true);
    await expect(watch.look()).rejects.toThrow("down");
    expect(watch.evidence().outcome).toBe("undecided");
    down(false);
    await watch.look();
    expect(watch.evidence().outcome).toBe("clear");
  });

  it("counts each row once, also one that was stored late, and one that is stored twice", async () => {
    const { watch, rows, pass, now } = world();
    const random = seededRandom(3);
    for (let i = 0; i < 60; i++) {
      const row = aPair({ received_ms: now() - 1 });
      rows.push(row);
      if (random() < 0.3) rows.push(row);
      // Of another agent, whose store was away.
      if (random() < 0.3) rows.push(aPair({ received_ms: now() - 200_000 * random() }));
      await watch.look();
      pass(20_000);
    }
    pass(400_000);
    await watch.look();
    const { coverage } = watch.report();
    expect(coverage.candidate.paired).toBe(new Set(rows.map(({ id }) => id)).size);
  });

  it("begins anew in a new life, and where what it is held against is another", async () => {
    const { watch, rows, restart, revise, pass } = world();
    rows.push(...equal(50));
    await watch.look();
    revise("{ limit: 2% }");
    await watch.look();
    expect(watch.report().segments[0]).toMatchObject({ pairs: 50, limit: 0.02 });
    pass(60_000);
    restart();
    await watch.look();
    expect(watch.report().segments[0]?.pairs).toBe(0);
  });

  it("goes by the newest word of a person on a cluster", async () => {
    const { watch, rows, say } = world();
    rows.push(...equal(700), ...equal(100, { kind: "rerun" }), ...refused(200));
    await watch.look();
    const cluster = watch.report().segments[0]?.clusters.find(({ codes }) => codes.includes("refusal-new"));
    expect(cluster?.pairs).toBe(200);
    const word = { type: "triaged", cluster: cluster?.id ?? "", segment: "", reason: "wanted" } as const;
    say({ ...word, as: "neutral" });
    expect(watch.evidence().outcome).not.toBe("breach");
    say({ ...word, as: "regression" });
    expect(watch.evidence().outcome).toBe("breach");
  });

  it("goes by what people said who read pairs blind, and makes nothing of a word on a pair that is gone", async () => {
    const { watch, rows, say } = world();
    const judge = { judge: "prefers-candidate", judge_version: "v1" };
    const unlike = { equal_exact: 0, equal_normalised: 0, similarity_tokens: 0.1, similarity_chars: 0.1 };
    rows.push(...equal(100, { kind: "rerun" }));
    const read = Array.from({ length: 40 }, () =>
      aPair({ received_ms: rows[0]?.received_ms ?? 0, numbers: unlike, labels: judge, changed: ["text"] }),
    );
    rows.push(...read);
    await watch.look();
    expect(watch.report().judge?.agrees).toMatchObject({ n: 0, value: null });
    expect(watch.sample().drawn()).toHaveLength(40);
    for (const [n, { id }] of read.entries())
      say({ type: "labelled", pair: id, word: n < 30 ? "prefers-candidate" : "prefers-baseline", first: "baseline" });
    say({ type: "labelled", pair: "f".repeat(32), word: "prefers-baseline", first: "baseline" });
    say({ type: "labelled", pair: read[0]?.id ?? "", word: "skipped", first: "baseline" });
    const report = watch.report();
    expect(report.judge?.agrees).toMatchObject({ n: 40, value: 0.75 });
    expect(report.judge?.agrees.lower).toBeGreaterThan(0.4);
    expect(report.segments[0]).toMatchObject({ read: { person: 40 }, open: { by: "labels" } });
    expect(report.segments[0]?.classes).toMatchObject({ improvement: 30, regression: 10 });
  });
});
