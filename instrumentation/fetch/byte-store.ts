import { BLOCK_BYTES, type ByteBlocks } from "./byte-blocks.ts";

/** Bytes put one after another. */
export interface ByteStore {
  readonly size: () => number;
  /** Copies the bytes: the ones an app reads are its own, and may be gone a moment later. */
  readonly add: (bytes: Uint8Array) => void;
  /** Everything since the last time, good until some store of the same blocks is asked; the store is empty afterwards. */
  readonly take: () => Buffer;
}

/** Starts empty. */
export const createByteStore = (blocks: ByteBlocks): ByteStore => {
  let full: Uint8Array[] = [];
  let last: Uint8Array | null = null;
  /** Bytes in `last`. */
  let used = 0;
  let size = 0;

  const addLong = (piece: Uint8Array): void => {
    for (let from = 0; from < piece.length; ) {
      if (last !== null && used === BLOCK_BYTES) full.push(last);
      if (last === null || used === BLOCK_BYTES) [last, used] = [blocks.take(), 0];
      const part = piece.subarray(from, from + BLOCK_BYTES - used);
      last.set(part, used);
      used += part.length;
      from += part.length;
    }
  };
  return {
    size: () => size,
    add: (piece) => {
      size += piece.length;
      if (last !== null && piece.length <= BLOCK_BYTES - used) {
        last.set(piece, used);
        used += piece.length;
      } else addLong(piece);
    },
    take: () => {
      const taken = blocks.room(size);
      let at = 0;
      for (const block of full) {
        taken.set(block, at);
        at += BLOCK_BYTES;
        blocks.giveBack(block);
      }
      if (last !== null) {
        taken.set(last.subarray(0, used), at);
        blocks.giveBack(last);
      }
      [full, last, used, size] = [[], null, 0, 0];
      return taken;
    },
  };
};
