import type { FailOpen } from "../fail-open.ts";
import type { BodyObserver } from "./body-observer.ts";
import { unpackedText } from "./unpacked-text.ts";

/** What providers say of an error is far shorter, bytes or characters. */
const MAX_BYTES = 64 * 1024;

/**
 * Keeps what the app reads of the body of an error, until the call is told. Nothing waits for it: an app that does not read
 * it leaves it empty.
 */
export class RefusedBody implements BodyObserver {
  readonly #encoding: string;
  readonly #failOpen: FailOpen;
  #pieces: Buffer[] = [];
  #size = 0;

  /** `encoding`: how the bytes that will be told are packed; empty = not at all. */
  constructor(failOpen: FailOpen, encoding = "") {
    this.#failOpen = failOpen;
    this.#encoding = encoding;
  }

  chunk(piece: Uint8Array | string): void {
    try {
      this.#keep(piece);
    } catch (error) {
      this.#failOpen.broken(error);
    }
  }

  #keep(piece: Uint8Array | string): void {
    this.#size += piece.length;
    if (this.#size > MAX_BYTES) this.#pieces = [];
    else this.#pieces.push(Buffer.from(piece as string));
  }

  /** The text so far, of which nothing is kept; empty where it was too long. */
  text(): string {
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    return bytes.length === 0 ? "" : unpackedText(bytes, this.#encoding);
  }

  reading(): void {
    try {
      this.#nothing();
    } catch (error) {
      this.#failOpen.broken(error);
    }
  }

  end(): void {
    try {
      this.#nothing();
    } catch (error) {
      this.#failOpen.broken(error);
    }
  }

  fail(): void {}
  cancel(): void {}

  /** The call was told when its headers came. */
  #nothing(): void {}
}
