import { BLOCK_BYTES, type ByteBlocks } from "./byte-blocks.ts";

/** Bytes put one after another, kept in `blocks`. Starts empty. */
export class ByteStore {
  readonly #blocks: ByteBlocks;
  #full: Uint8Array[] = [];
  #last: Uint8Array | null = null;
  /** Bytes in `last`. */
  #used = 0;
  #size = 0;

  constructor(blocks: ByteBlocks) {
    this.#blocks = blocks;
  }

  size(): number {
    return this.#size;
  }

  /** Copies the bytes: the ones an app reads are its own, and may be gone a moment later. */
  add(piece: Uint8Array): void {
    this.#size += piece.length;
    if (this.#last !== null && piece.length <= BLOCK_BYTES - this.#used) {
      this.#last.set(piece, this.#used);
      this.#used += piece.length;
    } else this.#addLong(piece);
  }

  /** Everything since the last time, good until some store of the same blocks is asked; the store is empty afterwards. */
  take(): Buffer {
    const taken = this.#blocks.room(this.#size);
    let at = 0;
    for (const block of this.#full) {
      taken.set(block, at);
      at += BLOCK_BYTES;
      this.#blocks.giveBack(block);
    }
    if (this.#last !== null) {
      taken.set(this.#last.subarray(0, this.#used), at);
      this.#blocks.giveBack(this.#last);
    }
    this.#full = [];
    this.#last = null;
    this.#used = 0;
    this.#size = 0;
    return taken;
  }

  #addLong(piece: Uint8Array): void {
    for (let from = 0; from < piece.length; ) {
      const block = this.#blockWithRoom();
      const part = piece.subarray(from, from + BLOCK_BYTES - this.#used);
      block.set(part, this.#used);
      this.#used += part.length;
      from += part.length;
    }
  }

  #blockWithRoom(): Uint8Array {
    if (this.#last !== null && this.#used < BLOCK_BYTES) return this.#last;
    if (this.#last !== null) this.#full.push(this.#last);
    this.#last = this.#blocks.take();
    this.#used = 0;
    return this.#last;
  }
}
