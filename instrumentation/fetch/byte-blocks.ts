/** Memory that bytes are kept in for a while: blocks of one size, which are used again and again. */
export interface ByteBlocks {
  /** A block that is nobody else's until it is given back. */
  readonly take: () => Uint8Array;
  /** Whoever gives a block back neither reads nor writes it any more. */
  readonly giveBack: (block: Uint8Array) => void;
  /** Room for `size` bytes, good until it is asked for again. */
  readonly room: (size: number) => Buffer;
}

/** Bytes of a block. */
export const BLOCK_BYTES: number = 8 * 1024;

/** No more than 1 MiB is kept for later. */
const MAX_SPARE = 128;

/** Longer answers than this are few; room for them is made each time. */
const ROOM_BYTES = 64 * 1024;

/**
 * Starts without memory. New buffers for every answer cost more than all else that is done while it comes: Node asks
 * the system for them, and the garbage collector runs the sooner.
 */
export const createByteBlocks = (): ByteBlocks => {
  const spare: Uint8Array[] = [];
  let kept: Buffer | null = null;
  return {
    take: () => spare.pop() ?? new Uint8Array(BLOCK_BYTES),
    giveBack: (block) => {
      if (spare.length < MAX_SPARE) spare.push(block);
    },
    room: (size) => {
      if (size > ROOM_BYTES) return Buffer.allocUnsafeSlow(size);
      kept ??= Buffer.allocUnsafeSlow(ROOM_BYTES);
      return kept.subarray(0, size);
    },
  };
};
