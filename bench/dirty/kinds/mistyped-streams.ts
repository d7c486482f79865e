import { openaiChat } from "../../../formats/wire/openai/openai-chat.ts";
import { createBodyRecorder } from "../../../instrumentation/fetch/body-recorder.ts";
import { createByteBlocks } from "../../../instrumentation/fetch/byte-blocks.ts";
import type { DirtyCase, DirtyKind } from "../case.ts";

const URL_OF_CHAT = new URL("http://x.test/v1/chat/completions");

/** What the preload reads of a body that is called so. */
const measured = (contentType: string | null, body: string): string => {
  const recorder = createBodyRecorder(openaiChat, URL_OF_CHAT, contentType, createByteBlocks());
  recorder.push(Buffer.from(body));
  const facts = recorder.facts();
  if (facts === null) return "nothing, no error";
  if (facts.error !== null) return `error ${facts.error}`;
  const { finishReasons, usage } = facts;
  return facts.complete ? `${finishReasons[0]}, ${usage.output ?? "unknown"} output tokens` : "incomplete";
};

const chunk = (delta: object, reason: string | null, more: object = {}): string =>
  JSON.stringify({ choices: [{ index: 0, delta, finish_reason: reason }], ...more });
const FIRST = chunk({ content: "hello" }, null);
const LAST = chunk({}, "stop", { usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 } });
const STREAM = `data: ${FIRST}\n\ndata: ${LAST}\n\ndata: [DONE]\n\n`;
const ERROR = `data: ${FIRST}\n\ndata: {"error":{"code":"overloaded"}}\n\n`;
const SPREAD = `data: ${FIRST}\n\nevent: error\ndata: {\ndata: "error": { "code": "overloaded" }\ndata: }\n\ndata: [DONE]\n\n`;
const SPREAD_LAST = STREAM.replace('"usage"', '\ndata: "usage"');
const PLAIN = JSON.stringify({
  choices: [{ index: 0, message: { content: "hello" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
});

const WHOLE = "stop, 5 output tokens";
const FAILED = "error overloaded";

const caseOf = ([input, contentType, body, right, before]: readonly [
  string,
  string | null,
  string,
  string,
  string,
]): DirtyCase => ({
  ...{ input, right, before },
  measure: () => measured(contentType, body),
  isRight: (said) => said === right,
});

/** Streams of events under another name, events over several lines, and plain answers that are called streams. */
export const mistypedStreams: DirtyKind = {
  kind: "capture: event streams under another name",
  cases: (
    [
      ["events as application/json", "application/json", STREAM, WHOLE, "nothing, no error"],
      ["events as text/plain", "text/plain", STREAM, WHOLE, "nothing, no error"],
      ["events without a type", null, STREAM, WHOLE, "nothing, no error"],
      ["events as Text/Event-Stream", "Text/Event-Stream", STREAM, WHOLE, "nothing, no error"],
      ["events after a comment, as text/plain", "text/plain", `: hello\n\n${STREAM}`, WHOLE, "nothing, no error"],
      ["an error in events as text/plain", "text/plain", ERROR, FAILED, "nothing, no error"],
      ["an event over two lines", "text/event-stream", SPREAD_LAST, WHOLE, "error, unknown output tokens"],
      ["an error over several lines", "text/event-stream", SPREAD, FAILED, "error, unknown output tokens"],
      [
        "an error that is only named",
        "text/event-stream",
        `${STREAM}event: error\ndata: {"code":"overloaded"}\n\n`,
        FAILED,
        "stop, 5 output tokens",
      ],
      ["a plain answer as text/event-stream", "text/event-stream", PLAIN, WHOLE, "incomplete"],
      ["a plain answer as application/json", "application/json", PLAIN, WHOLE, "stop, 5 output tokens"],
    ] as const
  ).map(caseOf),
};
