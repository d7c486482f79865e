import { describe, expect, it } from "vitest";
import type { BodyObserver } from "../../../instrumentation/fetch/body-observer.ts";
import { passThrough } from "../../../instrumentation/fetch/pass-through.ts";

type Source = ReadableStream<Uint8Array<ArrayBuffer>>;

/** Writes down what it is told. */
const noting = (): { observer: BodyObserver; told: string[] } => {
  const told: string[] = [];
  const note = (what: string) => () => void told.push(what);
  const observer: BodyObserver = {
    reading: note("reading"),
    chunk: (piece) => void told.push(`chunk ${piece.length}`),
    end: note("end"),
    fail: (error) => void told.push(`fail ${(error as Error).message}`),
    cancel: note("cancel"),
  };
  return { observer, told };
};

const sourceOf = (lengths: readonly number[], ending: "close" | "error" = "close"): Source =>
  new ReadableStream({
    start: (controller) => {
      for (const length of lengths) controller.enqueue(new Uint8Array(length));
      if (ending === "close") controller.close();
    },
    pull: (controller) => {
      if (ending === "error") controller.error(new Error("cut"));
    },
  });

const readAll = async (stream: ReadableStream<Uint8Array>): Promise<number[]> => {
  const reader = stream.getReader();
  const lengths: number[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return lengths;
    lengths.push(value.length);
  }
};

describe("a stream that passes another one through", () => {
  it("gives every piece, and tells of each before the app has it", async () => {
    const { observer, told } = noting();
    expect(await readAll(passThrough(sourceOf([3, 5]), observer, null).stream)).toEqual([3, 5]);
    expect(told).toEqual(["reading", "chunk 3", "reading", "chunk 5", "reading", "end"]);
  });

  it("leaves out empty pieces, which a byte stream refuses", async () => {
    const { observer, told } = noting();
    expect(await readAll(passThrough(sourceOf([0, 2, 0, 0, 4, 0]), observer, null).stream)).toEqual([2, 4]);
    expect(told.filter((what) => what.startsWith("chunk"))).toEqual(["chunk 2", "chunk 4"]);
  });

  it("fails with the error of its source", async () => {
    const { observer, told } = noting();
    await expect(readAll(passThrough(sourceOf([1], "error"), observer, null).stream)).rejects.toThrow("cut");
    expect(told.at(-1)).toBe("fail cut");
  });

  it("fails where its source cannot be read", async () => {
    const { observer, told } = noting();
    const source = sourceOf([1]);
    const { stream } = passThrough(source, observer, null);
    source.getReader();
    await expect(readAll(stream)).rejects.toThrow(/locked/);
    expect(told).toEqual(["reading", expect.stringMatching(/^fail .*locked/)]);
  });

  it("passes on that the app wants no more, also while a piece is awaited", async () => {
    const { observer, told } = noting();
    const reasons: unknown[] = [];
    const source: Source = new ReadableStream({ cancel: (reason) => void reasons.push(reason) });
    const reader = passThrough(source, observer, null).stream.getReader();
    const read = reader.read();
    await new Promise((resolve) => setImmediate(resolve));
    await reader.cancel("enough");
    expect(await read).toEqual({ done: true, value: undefined });
    expect(reasons).toEqual(["enough"]);
    expect(told.slice(0, 2)).toEqual(["reading", "cancel"]);
  });
});
