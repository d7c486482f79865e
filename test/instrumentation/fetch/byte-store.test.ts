import { describe, expect, it } from "vitest";
import { createByteStore } from "../../../instrumentation/fetch/byte-store.ts";

describe("the byte store", () => {
  it("keeps copies in their order, and gives them away once", () => {
    const store = createByteStore();
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
});
