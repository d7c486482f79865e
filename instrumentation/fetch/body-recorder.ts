import { parseObject } from "../../formats/json/read-json.ts";
import type { AnswerFacts } from "../../formats/wire/answer-facts.ts";
import { createLineFraming, createSseFraming, framingFor } from "../../formats/wire/framing/sse-framing.ts";
import { readError } from "../../formats/wire/read-error.ts";
import type { Framing, MessageReader, StreamFold, WireFormat } from "../../formats/wire/wire-format.ts";
import type { ByteBlocks } from "./byte-blocks.ts";
import { ByteStore } from "./byte-store.ts";
import { FirstContent } from "./first-content.ts";

/** Keeps what an app read of a response body, and reads it when all is over. */
export interface BodyRecorder {
  /** True for a stream of messages, which has a first content to wait for. Its first piece may show another thing. */
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
  /** Of an event that is called an error, whatever its data are. */
  #error: string | null = null;

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
    const facts = this.#fold.facts();
    return this.#error === null || facts.error !== null ? facts : { ...facts, error: this.#error, complete: false };
  }

  skim(bytes: Uint8Array, at: number): number {
    const end = this.#fold.skim?.(bytes, at) ?? -1;
    if (end >= 0) this.#hasSkimmed = true;
    return end;
  }

  message(text: string, isError = false): void {
    const event = text === "[DONE]" ? null : parseObject(text);
    if (isError) this.#error ??= readError(event?.error ?? event ?? text);
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
    const text = this.text();
    return text === null ? null : this.#format.readAnswer(text);
  }

  /** The body; null when it was too long. Asked for once. */
  text(): string | null {
    return this.#tooLong ? null : this.#text || new TextDecoder().decode(this.#bytes?.take());
  }
}

/** The framing of an answer by what it is called. */
const framingOf = ({ createFraming }: WireFormat, url: URL, contentType: string): Framing | null =>
  (createFraming ?? framingFor)(contentType.toLowerCase(), url);

/** JSON that is called a stream of events: one document, or one a line. Which of them shows when all is there. */
class JsonRecorder implements BodyRecorder {
  readonly streamed = true;
  readonly #format: WireFormat;
  readonly #url: URL;
  readonly #blocks: ByteBlocks;
  readonly #body: PlainRecorder;
  readonly #content: FirstContent;

  constructor(format: WireFormat, url: URL, blocks: ByteBlocks) {
    this.#format = format;
    this.#url = url;
    this.#blocks = blocks;
    this.#body = new PlainRecorder(format, blocks);
    this.#content = new FirstContent(format.content);
  }

  size(): number {
    return this.#body.size();
  }

  push(piece: Uint8Array | string): boolean {
    this.#body.push(piece);
    return this.#content.isSeen(typeof piece === "string" ? Buffer.from(piece) : piece);
  }

  facts(): AnswerFacts | null {
    const text = this.#body.text();
    if (text === null) return null;
    const framing =
      parseObject(text) === null
        ? (framingOf(this.#format, this.#url, "application/json") ?? createLineFraming())
        : null;
    if (framing === null) return this.#format.readAnswer(text);
    const lines = new StreamRecorder(this.#format, framing, this.#url, this.#blocks);
    lines.push(text);
    return lines.facts();
  }
}

/** How a body begins that is a stream of events, or JSON; text and bytes alike, after a byte order mark. */
const EVENTS = /^(?:\u00ef\u00bb\u00bf|\ufeff)?\s*(?:data|event|id|retry)?:/;
const JSON_START = /^(?:\u00ef\u00bb\u00bf|\ufeff)?\s*[[{]/;

/** Characters that tell which. */
const MARGIN = 32;

const BRACE = 123;
const LETTER_D = 100;

const beginningOf = (piece: Uint8Array | string): string =>
  typeof piece === "string"
    ? piece.slice(0, MARGIN)
    : Buffer.from(piece.buffer, piece.byteOffset, Math.min(piece.length, MARGIN)).toString("latin1");

/**
 * Takes an answer for what its bytes are, where they say something else than its content type: servers and proxies send
 * events as JSON, as text or as nothing, and JSON as events.
 */
class AnswerRecorder implements BodyRecorder {
  readonly #format: WireFormat;
  readonly #url: URL;
  readonly #blocks: ByteBlocks;
  readonly #isEvents: boolean;
  #recorder: BodyRecorder;
  #hasBegun = false;

  constructor(format: WireFormat, url: URL, contentType: string, blocks: ByteBlocks) {
    this.#format = format;
    this.#url = url;
    this.#blocks = blocks;
    this.#isEvents = contentType.toLowerCase().includes("text/event-stream");
    this.#recorder = this.#recorderFor(framingOf(format, url, contentType));
  }

  get streamed(): boolean {
    return this.#recorder.streamed;
  }

  size(): number {
    return this.#recorder.size();
  }

  push(piece: Uint8Array | string): boolean {
    if (!this.#hasBegun && piece.length > 0) this.#begin(piece);
    return this.#recorder.push(piece);
  }

  facts(): AnswerFacts | null {
    return this.#recorder.facts();
  }

  #begin(piece: Uint8Array | string): void {
    this.#hasBegun = true;
    const first = typeof piece === "string" ? piece.charCodeAt(0) : piece[0];
    // Nearly every body: `{` where JSON is said, `d` where events are.
    if (first === (this.#isEvents ? LETTER_D : BRACE)) return;
    const text = beginningOf(piece);
    if (this.#isEvents) {
      if (JSON_START.test(text)) this.#recorder = new JsonRecorder(this.#format, this.#url, this.#blocks);
    } else if (EVENTS.test(text)) this.#recorder = this.#recorderFor(createSseFraming());
  }

  #recorderFor(framing: Framing | null): BodyRecorder {
    return framing === null
      ? new PlainRecorder(this.#format, this.#blocks)
      : new StreamRecorder(this.#format, framing, this.#url, this.#blocks);
  }
}

/** The recorder for the answer to a request of `format` to `url`, by its content type; it keeps bytes in `blocks`. */
export const createBodyRecorder = (
  format: WireFormat,
  url: URL,
  contentType: string | null,
  blocks: ByteBlocks,
): BodyRecorder => new AnswerRecorder(format, url, contentType ?? "", blocks);
