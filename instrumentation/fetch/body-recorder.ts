import { parseObject } from "../../formats/json/read-json.ts";
import type { AnswerFacts } from "../../formats/wire/answer-facts.ts";
import { framingFor } from "../../formats/wire/framing/sse-framing.ts";
import type { Framing, MessageReader, StreamFold, WireFormat } from "../../formats/wire/wire-format.ts";
import type { ByteBlocks } from "./byte-blocks.ts";
import { ByteStore } from "./byte-store.ts";
import { FirstContent } from "./first-content.ts";

/** Keeps what an app read of a response body, and reads it when all is over. */
export interface BodyRecorder {
  /** True for a stream of messages, which has a first content to wait for. */
  readonly streamed: boolean;
  /** Takes a copy of a piece; says whether content has arrived by now (plain bodies: always false). */
  push(piece: Uint8Array | string): boolean;
  /** Characters or bytes kept now. */
  size(): number;
  /** Null when the body was no answer of this format, or too long to be kept. */
  facts(): AnswerFacts | null;
}

/** Streams are folded piece by piece once this many bytes wait, so that a long one is never held as a whole. */
const FOLD_AT = 256 * 1024;

/** Sooner where messages are skimmed: the fold has to know what they are like, and all that came before them. */
const FIRST_FOLD_AT = 2 * 1024;

/** Plain bodies beyond this many bytes are not looked at. */
const MAX_PLAIN = 8 * 1024 * 1024;

class StreamRecorder implements BodyRecorder, MessageReader {
  readonly streamed = true;
  readonly #framing: Framing;
  readonly #fold: StreamFold;
  readonly #content: FirstContent;
  readonly #waiting: ByteStore;
  #foldAt: number;
  /** Since the last fold. */
  #hasSkimmed = false;

  constructor(format: WireFormat, framing: Framing, url: URL, blocks: ByteBlocks) {
    this.#framing = framing;
    this.#fold = format.createFold(url);
    this.#content = new FirstContent(format.content);
    this.#waiting = new ByteStore(blocks);
    this.#foldAt = this.#fold.skim === undefined ? FOLD_AT : FIRST_FOLD_AT;
  }

  size(): number {
    return this.#waiting.size();
  }

  push(piece: Uint8Array | string): boolean {
    const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
    // What can be skimmed is skimmed as it comes: keeping it, and reading it later, costs more.
    const skimmed = this.#waiting.size() > 0 ? 0 : (this.#framing.skim?.(bytes, this) ?? 0);
    if (skimmed < bytes.length) this.#keep(skimmed === 0 ? bytes : bytes.subarray(skimmed));
    return this.#content.isSeen(bytes);
  }

  facts(): AnswerFacts {
    this.#foldWaiting();
    // A stream that was cut, or that ends without a blank line, leaves its last message here.
    this.#framing.end(this);
    return this.#fold.facts();
  }

  skim(bytes: Uint8Array, at: number): number {
    const end = this.#fold.skim?.(bytes, at) ?? -1;
    if (end >= 0) this.#hasSkimmed = true;
    return end;
  }

  message(text: string): void {
    const event = text === "[DONE]" ? null : parseObject(text);
    if (event !== null) this.#fold.event(event, text);
    else if (text === "[DONE]") this.#fold.done?.();
  }

  #keep(bytes: Uint8Array): void {
    this.#waiting.add(bytes);
    if (this.#waiting.size() < this.#foldAt) return;
    this.#foldWaiting();
    // A stream without anything to skim is read when it has ended, like all the others.
    if (!this.#hasSkimmed) this.#foldAt = Math.min(FOLD_AT, this.#foldAt * 2);
    this.#hasSkimmed = false;
  }

  #foldWaiting(): void {
    this.#framing.push(this.#waiting.take(), this);
  }
}

class PlainRecorder implements BodyRecorder {
  readonly streamed = false;
  readonly #format: WireFormat;
  readonly #blocks: ByteBlocks;
  /** As text where the app read it as one, which needs no copy. */
  #text = "";
  #bytes: ByteStore | null = null;
  #tooLong = false;

  constructor(format: WireFormat, blocks: ByteBlocks) {
    this.#format = format;
    this.#blocks = blocks;
  }

  size(): number {
    return this.#text.length + (this.#bytes?.size() ?? 0);
  }

  push(piece: Uint8Array | string): boolean {
    this.#tooLong ||= (this.#bytes?.size() ?? 0) + piece.length > MAX_PLAIN;
    if (this.#tooLong) this.#bytes?.take();
    else if (typeof piece === "string") this.#text = piece;
    else {
      this.#bytes ??= new ByteStore(this.#blocks);
      this.#bytes.add(piece);
    }
    return false;
  }

  facts(): AnswerFacts | null {
    return this.#tooLong ? null : this.#format.readAnswer(this.#text || new TextDecoder().decode(this.#bytes?.take()));
  }
}

/** The recorder for the answer to a request of `format` to `url`, by its content type; it keeps bytes in `blocks`. */
export const createBodyRecorder = (
  format: WireFormat,
  url: URL,
  contentType: string | null,
  blocks: ByteBlocks,
): BodyRecorder => {
  const framing = (format.createFraming ?? framingFor)(contentType ?? "", url);
  return framing === null ? new PlainRecorder(format, blocks) : new StreamRecorder(format, framing, url, blocks);
};
