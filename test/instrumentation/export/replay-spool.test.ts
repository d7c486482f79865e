import { describe, expect, it } from "vitest";
import { createReplay } from "../../../instrumentation/export/replay-spool.ts";
import type { SendOutcome } from "../../../instrumentation/export/send-outcome.ts";

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
        return { data: Buffer.from(data), spans, remove: () => void files.shift() };
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
