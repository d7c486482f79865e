import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../core/seeded-random.ts";
import { type ByteBlocks, createByteBlocks } from "../../../instrumentation/fetch/byte-blocks.ts";
import { ByteStore } from "../../../instrumentation/fetch/byte-store.ts";

/** Counts the blocks that are out. */
const countingBlocks = (): { blocks: ByteBlocks; out: () => number } => {
  const { take, giveBack, room } = createByteBlocks();
  const out = new Set<Uint8Array>();
  const blocks: ByteBlocks = {
    room,
    take: () => {
      const block = take();
      expect(out.has(block)).toBe(false);
      out.add(block);
      return block;
    },
    giveBack: (block) => {
      expect(out.delete(block)).toBe(true);
      giveBack(block);
    },
  };
  return { blocks, out: () => out.size };
};

describe("the byte store", () => {
  it("keeps copies in their order, and gives them away once", () => {
    const store = new ByteStore(createByteBlocks());
    const piece = Uint8Array.of(1, 2);
    store.add(piece);
    piece.fill(9);
    store.add(Uint8Array.of(3));
    expect(store.size()).toBe(3);
    expect([...store.take()]).toEqual([1, 2, 3]);
    expect([store.size(), store.take().byteLength]).toEqual([0, 0]);
    store.add(Uint8Array.of(4));
    expect([...store.take()]).toEqual([4]);
  });

  it.each([0, 1, 8191, 8192, 8193, 16_384, 65_536, 65_537, 1_000_000])("keeps a piece of %i bytes", (length) => {
    const bytes = Uint8Array.from({ length }, (_, at) => at % 251);
    const { blocks, out } = countingBlocks();
    const store = new ByteStore(blocks);
    store.add(bytes);
    store.add(Uint8Array.of(255));
    expect(Buffer.from(store.take())).toEqual(Buffer.from([...bytes, 255]));
    expect(out()).toBe(0);
  });

  it("never mixes what several stores keep in the same blocks", () => {
    const random = seededRandom(7);
    const { blocks, out } = countingBlocks();
    const stores = Array.from({ length: 12 }, () => ({ store: new ByteStore(blocks), kept: [] as number[] }));
    for (let step = 0; step < 3000; step += 1) {
      const { store, kept } = stores[Math.floor(random() * stores.length)] as { store: ByteStore; kept: number[] };
      if (random() < 0.03) {
        expect(Buffer.from(store.take()).equals(Buffer.from(kept.splice(0)))).toBe(true);
      } else {
        const piece = Uint8Array.from({ length: Math.floor(random() ** 4 * 20_000) }, () => random() * 256);
        store.add(piece);
        for (const byte of piece) kept.push(byte);
        piece.fill(0);
      }
      expect(store.size()).toBe(kept.length);
    }
    for (const { store, kept } of stores) expect(Buffer.from(store.take()).equals(Buffer.from(kept))).toBe(true);
    expect(out()).toBe(0);
  });
});
