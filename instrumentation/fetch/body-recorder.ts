import type { AnswerFacts } from "../providers/answer-facts.ts";
import { parseObject } from "../providers/read-json.ts";
import { framingFor } from "../providers/sse-framing.ts";
import type { Framing, MessageReader, WireFormat } from "../providers/wire-format.ts";
import type { ByteBlocks } from "./byte-blocks.ts";
import { createByteStore } from "./byte-store.ts";
import { createFirstContent } from "./first-content.ts";

/** Keeps what an app read of a response body, and reads it when all is over. */
export interface BodyRecorder {
  /** True for a stream of messages, which has a first content to wait for. */
  readonly streamed: boolean;
  /** Takes a copy of a piece; says whether content has arrived by now (plain bodies: always false). */
  readonly push: (piece: Uint8Array | string) => boolean;
  /** Characters or bytes kept now. */
  readonly size: () => number;
  /** Null when the body was no answer of this format, or too long to be kept. */
  readonly facts: () => AnswerFacts | null;
}

/** Streams are folded piece by piece once this many bytes wait, so that a long one is never held as a whole. */
const FOLD_AT = 256 * 1024;

/** Plain bodies beyond this many bytes are not looked at. */
const MAX_PLAIN = 8 * 1024 * 1024;

const createStreamRecorder = (format: WireFormat, framing: Framing, url: URL, blocks: ByteBlocks): BodyRecorder => {
  const fold = format.createFold(url);
  const hasContent = createFirstContent(format.content);
  const waiting = createByteStore(blocks);
  const reader: MessageReader = {
    skim: fold.skim ?? (() => -1),
    message: (text) => {
      const event = text === "[DONE]" ? null : parseObject(text);
      if (event !== null) fold.event(event, text);
      else if (text === "[DONE]") fold.done?.();
    },
  };
  const foldWaiting = (): void => framing.push(waiting.take(), reader);
  return {
    streamed: true,
    size: waiting.size,
    push: (piece) => {
      const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
      waiting.add(bytes);
      if (waiting.size() >= FOLD_AT) foldWaiting();
      return hasContent(bytes);
    },
    facts: () => {
      foldWaiting();
      // A stream that was cut, or that ends without a blank line, leaves its last message here.
      framing.end(reader);
      return fold.facts();
    },
  };
};

const createPlainRecorder = (format: WireFormat, blocks: ByteBlocks): BodyRecorder => {
  const bytes = createByteStore(blocks);
  // As text where the app read it as one, which needs no copy.
  let text = "";
  let tooLong = false;
  return {
    streamed: false,
    size: () => text.length + bytes.size(),
    push: (piece) => {
      tooLong ||= bytes.size() + piece.length > MAX_PLAIN;
      if (tooLong) bytes.take();
      else if (typeof piece === "string") text = piece;
      else bytes.add(piece);
      return false;
    },
    facts: () => (tooLong ? null : format.readAnswer(text || new TextDecoder().decode(bytes.take()))),
  };
};

/** The recorder for the answer to a request of `format` to `url`, by its content type; it keeps bytes in `blocks`. */
export const createBodyRecorder = (
  format: WireFormat,
  url: URL,
  contentType: string | null,
  blocks: ByteBlocks,
): BodyRecorder => {
  const framing = (format.createFraming ?? framingFor)(contentType ?? "", url);
  return framing === null ? createPlainRecorder(format, blocks) : createStreamRecorder(format, framing, url, blocks);
};
