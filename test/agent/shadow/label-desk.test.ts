import { describe, expect, it } from "vitest";
import { createContentDesk } from "../../../agent/content-desk.ts";
import { createLabelDesk } from "../../../agent/shadow/label-desk.ts";
import { createLabelSample } from "../../../agent/shadow/label-sample.ts";
import type { ContentRow } from "../../../core/content-row.ts";
import type { LedgerEntry } from "../../../core/ledger.ts";
import type { PairRow } from "../../../core/pair-row.ts";
import { aContent } from "../../store/a-content.ts";
import { aPair } from "../../store/a-pair.ts";
import { T0 } from "../../store/a-span.ts";

const answer = (content: string): string => JSON.stringify([{ role: "assistant", parts: [{ type: "text", content }] }]);

const differing = (fields: Partial<PairRow> = {}): PairRow =>
  aPair({ numbers: { equal_normalised: 0 }, labels: { judge: "tie" }, ...fields });

const sidesOf = (pair: PairRow): readonly ContentRow[] => [
  aContent({ trace_id: pair.trace_id, span_id: pair.span_id, output: answer("BASELINE") }),
  aContent({ trace_id: pair.other_trace_id, span_id: pair.other_span_id, output: answer("CANDIDATE") }),
];

/** A desk over these pairs. `without`: pairs one side of which has no content. */
const deskOver = (pairs: readonly PairRow[], without: readonly PairRow[] = []) => {
  let now = T0;
  const entries: LedgerEntry[] = [];
  const sample = createLabelSample();
  for (const pair of pairs) sample.add(pair, false);
  const rows = pairs.flatMap((pair) => sidesOf(pair).slice(0, without.includes(pair) ? 1 : 2));
  const store = {
    contentAfter: async () => [],
    contentOfCalls: async ({
      calls,
      sinceMs,
    }: {
      calls: readonly { traceId: string; spanId: string }[];
      sinceMs: number;
    }) =>
      rows.filter(
        (row) =>
          row.received_ms > sinceMs &&
          calls.some((call) => call.traceId === row.trace_id && call.spanId === row.span_id),
      ),
  };
  const desk = createLabelDesk({
    history: {
      entries: () => entries,
      state: () => ({ since: 1 }) as never,
      record: async (event, { id, by }) => {
        if (!entries.some((each) => each.id === id))
          entries.push({ id, at: now, migration: "m", by, incident: "", event } as LedgerEntry);
        return "";
      },
    } as Parameters<typeof createLabelDesk>[0]["history"],
    sample: () => sample,
    content: createContentDesk({ store, keepMs: 86_400_000, now: () => now }),
    now: () => now,
  });
  return {
    desk,
    entries,
    pass: (ms: number) => {
      now += ms;
    },
  };
};

const ANA = { by: "ana", identity: "proven" } as const;
const BOB = { by: "bob", identity: "claimed" } as const;

describe("reading pairs blind", () => {
  it("shows both answers in an order of its own for each pair and person, and nothing that says whose they are", async () => {
    const firsts = new Set<string>();
    for (let n = 0; n < 12; n += 1) {
      const { desk } = deskOver([differing()]);
      const { question } = await desk.next(ANA);
      expect([question?.a, question?.b].toSorted()).toEqual(["BASELINE", "CANDIDATE"]);
      expect(JSON.stringify(question)).not.toMatch(/gpt|judge|tie|served|second/);
      expect(question?.asked).toBe("user: Where is my order?");
      firsts.add(question?.a ?? "");
    }
    expect(firsts.size).toBe(2);
  });

  it("puts on record what was meant, whichever stood first, and who said it", async () => {
    const pairs = Array.from({ length: 8 }, () => differing());
    const { desk, entries } = deskOver(pairs);
    for (const _ of pairs) {
      const { question } = await desk.next(BOB);
      const word = question?.a === "CANDIDATE" ? "a" : "b";
      expect(await desk.take({ ...BOB, pair: question?.pair ?? "", word })).toEqual({ outcome: "done", problem: "" });
    }
    expect(entries.map(({ event }) => event.type === "labelled" && event.word)).toEqual(
      pairs.map(() => "prefers-candidate"),
    );
    expect(new Set(entries.map(({ event }) => event.type === "labelled" && event.first)).size).toBe(2);
    expect(entries[0]).toMatchObject({ by: "bob (unverified)", event: { identity: "claimed" } });
    expect(await desk.next(BOB)).toMatchObject({ question: null, done: { yours: 8, all: 8 } });
  });

  it("never shows a pair twice, to the same person or to another one", async () => {
    const { desk } = deskOver([differing(), differing(), differing()]);
    const seen: string[] = [];
    for (const [who, word] of [
      [ANA, "skipped"],
      [BOB, "unsure"],
      [ANA, "same"],
    ] as const) {
      const { question } = await desk.next(who);
      seen.push(question?.pair ?? "");
      await desk.take({ ...who, pair: question?.pair ?? "", word });
    }
    expect(new Set(seen).size).toBe(3);
    expect((await desk.next(ANA)).question).toBeNull();
  });

  it("gives two people who ask at once two pairs, and one who went away none for ever", async () => {
    const { desk, pass } = deskOver([differing(), differing()]);
    const [one, two] = await Promise.all([desk.next(ANA), desk.next(BOB)]);
    expect(one.question?.pair).not.toBe(two.question?.pair);
    expect((await desk.next(ANA)).question?.pair).toBe(one.question?.pair);
    expect((await desk.next({ by: "carl", identity: "proven" })).question).toBeNull();
    pass(600_001);
    expect((await desk.next({ by: "carl", identity: "proven" })).question).not.toBeNull();
  });

  it("takes the first word of a person on a pair, and both of two people", async () => {
    const pair = differing();
    const { desk, entries } = deskOver([pair]);
    await desk.take({ ...ANA, pair: pair.id, word: "same" });
    expect(await desk.take({ ...ANA, pair: pair.id, word: "a" })).toMatchObject({ outcome: "refused" });
    expect(await desk.take({ ...BOB, pair: pair.id, word: "a" })).toMatchObject({ outcome: "done" });
    expect(entries).toHaveLength(2);
  });

  it("asks nothing of pairs without content on both sides, and takes no word on a pair that is gone", async () => {
    const [whole, half] = [differing(), differing()];
    const { desk, pass } = deskOver([whole, half], [half]);
    expect((await desk.next(ANA)).question?.pair).toBe(whole.id);
    expect(await desk.next(BOB)).toMatchObject({
      question: null,
      reason: expect.stringContaining("content on both sides"),
    });
    pass(2 * 86_400_000);
    expect((await desk.next(ANA)).question).toBeNull();
    expect(await desk.take({ ...ANA, pair: "f".repeat(32), word: "a" })).toMatchObject({ outcome: "refused" });
  });
});

describe("the pairs that are asked about", () => {
  it("are those that differ, of a candidate, judged ones first, in an order that is nobody's", () => {
    const sample = createLabelSample();
    const [equal, rerun, unpaired] = [
      aPair({ numbers: { equal_normalised: 1 } }),
      differing({ kind: "rerun" }),
      differing({ outcome: "failed" }),
    ];
    const [judged, others] = [
      Array.from({ length: 30 }, () => differing()),
      Array.from({ length: 30 }, () => differing({ labels: {} })),
    ];
    for (const row of [equal, rerun, unpaired, ...others, ...judged]) sample.add(row, false);
    const ids = sample.drawn().map(({ id }) => id);
    expect(new Set(ids.slice(0, 30))).toEqual(new Set(judged.map(({ id }) => id)));
    expect(new Set(ids.slice(30))).toEqual(new Set(others.map(({ id }) => id)));
    expect(ids.slice(0, 30)).not.toEqual(judged.map(({ id }) => id));
  });

  it("are the same ones whatever the order in which they came, and no more than are kept", () => {
    const rows = Array.from({ length: 700 }, () => differing());
    const drawnOf = (given: readonly PairRow[]) => {
      const sample = createLabelSample();
      for (const row of given) sample.add(row, false);
      return sample.drawn().map(({ id }) => id);
    };
    expect(drawnOf(rows)).toEqual(drawnOf(rows.toReversed()));
    expect(drawnOf(rows)).toHaveLength(500);
  });

  it("keep those that were read, however many come", () => {
    const sample = createLabelSample();
    const read = differing({ kind: "rerun" });
    sample.add(read, true);
    expect([sample.get(read.id), sample.get("gone")]).toEqual([read, null]);
  });
});
