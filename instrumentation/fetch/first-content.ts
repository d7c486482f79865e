/** Longest piece of a content pattern that a chunk border may cut. */
const OVERLAP = 48;

/**
 * Is given every piece of a body in turn and says whether `content` has been seen by now. Tried on the raw text,
 * because parsing every chunk a second time is what makes hooks slow. The patterns are ASCII, so the bytes are read as
 * Latin-1: cheap, and no character can be cut.
 */
export class FirstContent {
  readonly #content: RegExp;
  #tail = "";
  #found = false;

  constructor(content: RegExp) {
    this.#content = content;
  }

  isSeen(piece: Uint8Array): boolean {
    if (this.#found) return true;
    const text = this.#tail + Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString("latin1");
    this.#found = this.#content.test(text);
    this.#tail = text.slice(-OVERLAP);
    return this.#found;
  }
}
