/** Bytes put one after another. */
export interface ByteStore {
  readonly size: () => number;
  /** Copies the bytes: the ones an app reads are taken away from us as soon as they are handed over. */
  readonly add: (bytes: Uint8Array) => void;
  /** Everything since the last time; the store is empty afterwards. */
  readonly take: () => Uint8Array;
}

const FIRST_SIZE = 8 * 1024;

/** Starts empty. Adding costs a copy, and now and then a doubling: no allocation per piece. */
export const createByteStore = (): ByteStore => {
  let bytes = new Uint8Array(0);
  let size = 0;
  const grow = (needed: number): void => {
    const larger = new Uint8Array(Math.max(needed, bytes.byteLength * 2, FIRST_SIZE));
    larger.set(bytes.subarray(0, size));
    bytes = larger;
  };
  return {
    size: () => size,
    add: (piece) => {
      if (size + piece.byteLength > bytes.byteLength) grow(size + piece.byteLength);
      bytes.set(piece, size);
      size += piece.byteLength;
    },
    take: () => {
      const taken = bytes.subarray(0, size);
      bytes = new Uint8Array(0);
      size = 0;
      return taken;
    },
  };
};
