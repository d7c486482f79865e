import type { AnswerFacts } from "./answer-facts.ts";
import { readCompletion } from "./read-completion.ts";
import { createStreamFold } from "./stream-fold.ts";

/** Keeps what an app read of a response body, and reads it when all is over. */
export interface BodyRecorder {
  /** True for server-sent events, which have a first chunk to wait for. */
  readonly streamed: boolean;
  readonly push: (text: string) => void;
  /** Null when the body was no chat completion, or too long to be kept. */
  readonly facts: () => AnswerFacts | null;
}

/** Streams are folded piece by piece once this many characters wait, so that a long one is never held as a whole. */
const FOLD_AT = 256 * 1024;

/** Plain bodies beyond this many characters are not looked at. */
const MAX_PLAIN = 8 * 1024 * 1024;

const createStreamRecorder = (): BodyRecorder => {
  const fold = createStreamFold();
  let waiting = "";
  return {
    streamed: true,
    push: (text) => {
      waiting += text;
      if (waiting.length < FOLD_AT) return;
      fold.push(waiting);
      waiting = "";
    },
    facts: () => {
      fold.push(waiting);
      waiting = "";
      return fold.facts();
    },
  };
};

const createPlainRecorder = (): BodyRecorder => {
  let body = "";
  let tooLong = false;
  return {
    streamed: false,
    push: (text) => {
      tooLong ||= body.length + text.length > MAX_PLAIN;
      body = tooLong ? "" : body + text;
    },
    facts: () => (tooLong ? null : readCompletion(body)),
  };
};

/** The recorder for a body of this content type. */
export const createBodyRecorder = (contentType: string | null): BodyRecorder =>
  contentType?.includes("text/event-stream") ? createStreamRecorder() : createPlainRecorder();
