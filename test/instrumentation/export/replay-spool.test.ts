import { describe, expect, it } from "vitest";
import { createReplay } from "../../../instrumentation/export/replay-spool.ts";
import type { SendOutcome } from "../../../instrumentation/export/send-outcome.ts";
import { fromLines, toLines } from "../../../instrumentation/export/spooled-lines.ts";

const DOWN: SendOutcome = { outcome: "retry", why: "ECONNREFUSED", retryAfterMs: null };
const SENT: SendOutcome = { outcome: "sent", rejected: 0 };
const REFUSED: SendOutcome = { outcome: "refused", why: "400" };

const request = (ids: readonly string[]) =>
  JSON.stringify({
    resourceSpans: [
      { resource: { a: 1 }, scopeSpans: [{ scope: { b: 2 }, spans: ids.map((spanId) => ({ spanId })) }] },
    ],
  });

const setUp = (contents: readonly (readonly [data: string, spans: number])[]) => {
  const files = [...contents];
  const world = { requests: [] as string[], answer: (_body: string): SendOutcome => SENT };
  const replay = createReplay(
    {
      claim: () => {
        const [data, spans] = files[0] ?? [];
        if (data === undefined || spans === undefined) return null;
        return { data: Buffer.from(data), spans, isChecked: data.includes("\n"), remove: () => void files.shift() };
      },
    },
    {
      sendEncoded: async (data) => {
        world.requests.push(Buffer.from(data).toString());
        return world.answer(world.requests.at(-1) ?? "");
      },
    },
    "traces",
  );
  return { replay, world, files };
};

const linesOf = (ids: readonly string[]): string =>
  Buffer.from(toLines(Buffer.from(request(ids)), "traces") ?? []).toString();

/** The file with one character changed, `at` counted in the line. */
const damaged = (text: string, line: number, at: number, letter = "~"): string =>
  text
    .split("\n")
    .map((each, i) => (i === line ? each.slice(0, at) + letter + each.slice(at + 1) : each))
    .join("\n");

describe("replaying lines with checksums", () => {
  it("sends what was written, as it would have been sent", async () => {
    const { replay, world } = setUp([[linesOf(["a", "ü\u2028", "c"]), 3]]);
    await replay.run();
    expect(world.requests).toEqual([request(["a", "ü\u2028", "c"])]);
    expect(replay.counts()).toEqual({ replayed: 3, dropped: 0 });
  });

  it.each([
    ["a value", damaged(linesOf(["a", "b", "c"]), 2, 20), ["a", "c"]],
    ["a checksum", damaged(linesOf(["a", "b", "c"]), 3, 2), ["a", "b"]],
    ["the blank after a checksum", damaged(linesOf(["a", "b", "c"]), 1, 8), ["b", "c"]],
    ["a newline, so that two are one", linesOf(["a", "b", "c"]).replace(/\n(?=.*"c")/, "~"), ["a"]],
    ["a newline within one, so that it is two", damaged(linesOf(["a", "b", "c"]), 2, 15, "\n"), ["a", "c"]],
    ["the end", linesOf(["a", "b", "c"]).slice(0, -5), ["a", "b"]],
    ["the end, zeroed", linesOf(["a", "b", "c"]).slice(0, -5) + "\0".repeat(5), ["a", "b"]],
  ])("gives up what damage to %s costs, counts it, and sends the others", async (_what, file, kept) => {
    const { replay, world, files } = setUp([[file, 3]]);
    await replay.run();
    expect(world.requests).toEqual([request(kept)]);
    expect(replay.counts()).toEqual({ replayed: kept.length, dropped: 3 - kept.length });
    expect(files).toEqual([]);
  });

  it.each([
    ["whose spans they are", damaged(linesOf(["a", "b"]), 0, 30)],
    ["everything", `${"\0".repeat(100)}\n`],
  ])("sends nothing where damage to %s leaves nothing to be sure of, and counts all", async (_what, file) => {
    const { replay, world, files } = setUp([[file, 2]]);
    await replay.run();
    expect([world.requests, files, replay.counts()]).toEqual([[], [], { replayed: 0, dropped: 2 }]);
  });

  it("never sends a span that was not written, wherever a bit flips", async () => {
    const ids = ["alpha", "beta", "gamma"];
    const file = Buffer.from(linesOf(ids));
    for (let bit = 0; bit < file.length * 8; bit += 1) {
      const flipped = Buffer.from(file);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const { data } = fromLines(flipped, "traces");
      if (data === null) continue;
      const { resourceSpans } = JSON.parse(Buffer.from(data).toString());
      const [{ resource, scopeSpans }] = resourceSpans;
      const sent = scopeSpans[0].spans.map(({ spanId }: { spanId: string }) => spanId);
      expect([resource, sent.filter((id: string) => !ids.includes(id))]).toEqual([{ a: 1 }, []]);
      expect(sent.length).toBeGreaterThanOrEqual(file[bit >> 3] === 10 ? 1 : 2);
    }
  });

  it("halves them as others where the collector refuses, and tries again later where it does not answer", async () => {
    const { replay, world, files } = setUp([[linesOf(["a", "bad", "c"]), 3]]);
    world.answer = () => DOWN;
    await replay.run();
    expect([files.length, replay.counts()]).toEqual([1, { replayed: 0, dropped: 0 }]);
    world.answer = (body) => (body.includes("bad") ? REFUSED : SENT);
    await replay.run();
    expect(replay.counts()).toEqual({ replayed: 2, dropped: 1 });
  });

  it("sends a report of counts, which counts for no span", async () => {
    const { replay, world } = setUp([[linesOf(["report"]), 0]]);
    await replay.run();
    expect([world.requests, replay.counts()]).toEqual([[request(["report"])], { replayed: 0, dropped: 0 }]);
  });
});

describe("replaying the spool", () => {
  it("sends every batch as it lies there, once, also when asked twice", async () => {
    const { replay, world, files } = setUp([
      ["one", 3],
      ["two", 4],
    ]);
    await Promise.all([replay.run(), replay.run()]);
    expect(world.requests).toEqual(["one", "two"]);
    expect(files).toEqual([]);
    expect(replay.counts()).toEqual({ replayed: 7, dropped: 0 });
  });

  it("keeps what the collector does not take for now", async () => {
    const { replay, world, files } = setUp([["one", 3]]);
    world.answer = () => DOWN;
    await replay.run();
    expect(files).toHaveLength(1);
    world.answer = () => SENT;
    await replay.run();
    expect(replay.counts()).toEqual({ replayed: 3, dropped: 0 });
  });

  it("halves a refused batch until the span to blame stands alone", async () => {
    const { replay, world, files } = setUp([[request(["a", "b", "c", "poison"]), 4]]);
    world.answer = (body) => (body.includes("poison") ? REFUSED : SENT);
    await replay.run();
    expect(replay.counts()).toEqual({ replayed: 3, dropped: 1 });
    expect(files).toEqual([]);
    expect(JSON.parse(world.requests.at(-1) ?? "").resourceSpans[0]).toMatchObject({
      resource: { a: 1 },
      scopeSpans: [{ scope: { b: 2 } }],
    });
  });

  it("drops and counts a file that nobody can read, and goes on", async () => {
    const { replay, world } = setUp([
      ["{torn", 5],
      ["two", 1],
    ]);
    world.answer = (body) => (body === "two" ? SENT : REFUSED);
    await replay.run();
    expect(replay.counts()).toEqual({ replayed: 1, dropped: 5 });
  });

  it("counts what the collector took and did not keep", async () => {
    const { replay, world } = setUp([["one", 10]]);
    world.answer = () => ({ outcome: "sent", rejected: 4 });
    await replay.run();
    expect(replay.counts()).toEqual({ replayed: 6, dropped: 4 });
  });
});
