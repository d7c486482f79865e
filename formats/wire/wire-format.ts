import type { JsonObject } from "../json/json-object.ts";
import type { AnswerFacts } from "./answer-facts.ts";
import type { RequestContent } from "./content/request-content.ts";
import type { RequestFacts } from "./request-facts.ts";

/** Reads the messages of a streamed answer in their order. */
export interface MessageReader {
  /**
   * Takes the message that begins at `at` without its being cut out, and says where it ended, which is at the end of a
   * line; -1 when it has to be told as a text.
   */
  skim(bytes: Uint8Array, at: number): number;
  /** `isError`: it came in an event that is called an error. */
  message(text: string, isError?: boolean): void;
}

/**
 * Cuts the bytes of a streamed answer into messages: the data of one server-sent event, one line, one frame. Nothing
 * here may throw on any input.
 */
export interface Framing {
  /**
   * Has the reader skim what it can from the beginning of `bytes` on, and says how many bytes that were. Asked for a
   * piece as it comes: nothing may be cut out, decoded or parsed. Absent where messages cannot be skimmed.
   */
  skim?(bytes: Uint8Array, reader: MessageReader): number;
  /** Tells the messages that are whole by now. The bytes are good until it returns. */
  push(bytes: Buffer, reader: MessageReader): void;
  /** Tells what is left when the stream has ended, perhaps cut: at most one message. */
  end(reader: MessageReader): void;
}

/** Puts one streamed answer together. */
export interface StreamFold {
  /** Takes the message at `at` without its being parsed, where it is like one before, and says where it ends; else -1. */
  skim?(bytes: Uint8Array, at: number): number;
  /** One message that is a JSON object; with its text, where it came as one. */
  event(event: JsonObject, message?: string): void;
  /** The message `[DONE]`, with which OpenAI-like streams end. */
  done?(): void;
  /** What the events so far say. */
  facts(): AnswerFacts;
}

/**
 * How one family of endpoints writes requests and answers on the wire. Everything is pure, and everything is read in
 * neutral terms, so that spans and features know no provider. What a function here throws switches the hook off; the
 * app never notices.
 */
export interface WireFormat {
  /** `openai.chat_completions`, `anthropic.messages`, … */
  readonly name: string;
  /** `gen_ai.provider.name` for hosts that are not known by name: whose format it is. */
  readonly provider: string;
  /**
   * Whether a POST to this URL may be such a request, by its path (and host, where the path is too common). Asked on
   * every POST of the app: no more than a few string comparisons.
   */
  readonly matches: (url: URL) => boolean;
  /** Reads a request body; null when it is not of this format after all: then nothing is recorded. */
  readonly readRequest: (body: JsonObject, url: URL) => RequestFacts | null;
  /** Where its requests carry content. */
  readonly requestContent: RequestContent;
  /** Reads the text of a plain answer; null when it is none. */
  readonly readAnswer: (text: string) => AnswerFacts | null;
  /** Starts an empty fold for a streamed answer. */
  readonly createFold: (url: URL) => StreamFold;
  /**
   * Matches the raw text of a stream once it carries content (text, reasoning, a tool call), not just an opening
   * event. Tried on every chunk until it matches: linear, no flags, at most 48 characters long when matched.
   */
  readonly content: RegExp;
  /**
   * The framing of an answer of this content type, in lower case, null for a plain answer. Absent: server-sent events and NDJSON by
   * the content type, everything else plain.
   */
  readonly createFraming?: (contentType: string, url: URL) => Framing | null;
}
