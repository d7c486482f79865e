/** A request that is longer than this is not looked at, bytes. */
const MAX_REQUEST = 16 * 1024 * 1024;

/** Copies of the pieces of a request's body. Starts empty. */
export class CollectedBytes {
  #pieces: Uint8Array[] = [];
  #size = 0;

  take(piece: Uint8Array): void {
    this.#size += piece.length;
    if (this.#size > MAX_REQUEST) this.#pieces = [];
    else this.#pieces.push(Buffer.from(piece));
  }

  /** All of them, of whom nothing is kept; null where they were too many. */
  bytes(): Uint8Array | null {
    const pieces = this.#pieces;
    this.#pieces = [];
    return this.#size > MAX_REQUEST ? null : Buffer.concat(pieces);
  }
}
