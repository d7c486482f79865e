import type { AnswerFacts } from "../../formats/wire/answer-facts.ts";
import type { BodyRecorder } from "./body-recorder.ts";
import { unpacked } from "./unpacked-text.ts";

/** A packed body that is longer than this is not looked at, bytes. */
const MAX_PACKED = 8 * 1024 * 1024;

/**
 * Keeps a body as it came, packed, and unpacks it when all is over: other clients than `fetch` unpack by themselves, where
 * it cannot be seen. When its content began is not known.
 */
export class PackedRecorder implements BodyRecorder {
  readonly #recorder: BodyRecorder;
  readonly #encoding: string;
  #pieces: Buffer[] = [];
  #size = 0;

  constructor(recorder: BodyRecorder, encoding: string) {
    this.#recorder = recorder;
    this.#encoding = encoding;
  }

  get streamed(): boolean {
    return this.#recorder.streamed;
  }

  size(): number {
    return this.#size;
  }

  push(piece: Uint8Array | string): boolean {
    const bytes = Buffer.from(piece);
    this.#size += bytes.length;
    if (this.#size > MAX_PACKED) this.#pieces = [];
    else this.#pieces.push(bytes);
    return false;
  }

  facts(): AnswerFacts | null {
    const bytes = this.#size > MAX_PACKED ? null : unpacked(Buffer.concat(this.#pieces), this.#encoding);
    this.#pieces = [];
    if (bytes === null) return null;
    this.#recorder.push(bytes);
    return this.#recorder.facts();
  }
}
