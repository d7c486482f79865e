/** Bytes put one after another. */
export interface ByteStore {
  readonly size: () => number;
  /** Copies the bytes: the ones an app reads are its own, and may be gone a moment later. */
  readonly add: (bytes: Uint8Array) => void;
  /** Everything since the last time; the store is empty afterwards. */
  readonly take: () => Uint8Array;
}

const EMPTY = new Uint8Array(0);

/**
 * Starts empty. The copies come from Node's pool of small buffers: a buffer of one's own that grows costs more in
 * garbage collection than all else that is done for a call.
 */
export const createByteStore = (): ByteStore => {
  let pieces: Buffer[] = [];
  let size = 0;
  return {
    size: () => size,
    add: (piece) => {
      pieces.push(Buffer.from(piece));
      size += piece.byteLength;
    },
    take: () => {
      const [first = EMPTY] = pieces;
      const taken = pieces.length > 1 ? Buffer.concat(pieces, size) : first;
      pieces = [];
      size = 0;
      return taken;
    },
  };
};
