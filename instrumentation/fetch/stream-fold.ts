import type { AnswerFacts, TokenUsage } from "./answer-facts.ts";
import { isRecord } from "./is-record.ts";
import { readError, readUsage, textOf } from "./read-parts.ts";

/** Text kept per answer, in characters; longer answers are counted but not kept. */
const MAX_TEXT = 1024 * 1024;

/** Reads the server-sent events of one streamed chat completion, in as many pieces as one likes. */
export interface StreamFold {
  readonly push: (text: string) => void;
  /** What the events so far say. */
  readonly facts: () => AnswerFacts;
}

interface Folded {
  id: string;
  model: string;
  fingerprint: string;
  usage: TokenUsage;
  error: string | null;
  done: boolean;
  text: string | null;
  chars: number;
  refusal: string | null;
  readonly finishReasons: string[];
  readonly toolCalls: { name: string; arguments: string }[];
}

const foldText = (folded: Folded, piece: string): void => {
  folded.chars += piece.length;
  folded.text = (folded.text ?? "") + piece.slice(0, MAX_TEXT - (folded.text?.length ?? 0));
};

const foldToolCall = (folded: Folded, call: unknown): void => {
  if (!isRecord(call) || !isRecord(call.function)) return;
  const index = typeof call.index === "number" ? call.index : folded.toolCalls.length;
  // Ids and indexes come from outside: an absurd index must not make an absurd array.
  if (index < 0 || index > folded.toolCalls.length) return;
  const known = folded.toolCalls[index] ?? { name: "", arguments: "" };
  known.name += textOf(call.function.name);
  known.arguments += textOf(call.function.arguments);
  folded.toolCalls[index] = known;
};

const foldChoice = (folded: Folded, choice: unknown): void => {
  if (!isRecord(choice)) return;
  const index = typeof choice.index === "number" && choice.index >= 0 && choice.index < 128 ? choice.index : 0;
  while (folded.finishReasons.length <= index) folded.finishReasons.push("");
  if (choice.finish_reason) folded.finishReasons[index] = textOf(choice.finish_reason);
  if (index !== 0 || !isRecord(choice.delta)) return;
  const { content, refusal, tool_calls } = choice.delta;
  if (typeof content === "string") foldText(folded, content);
  if (typeof refusal === "string") folded.refusal = (folded.refusal ?? "") + refusal;
  if (Array.isArray(tool_calls)) for (const call of tool_calls) foldToolCall(folded, call);
};

const foldEvent = (folded: Folded, data: string): void => {
  if (data === "[DONE]") {
    folded.done = true;
    return;
  }
  let event: unknown;
  try {
    event = JSON.parse(data);
  } catch {
    return;
  }
  if (!isRecord(event)) return;
  folded.id ||= textOf(event.id);
  folded.model ||= textOf(event.model);
  folded.fingerprint ||= textOf(event.system_fingerprint);
  folded.error ??= readError(event.error);
  if (isRecord(event.usage)) folded.usage = readUsage(event.usage);
  if (Array.isArray(event.choices)) for (const choice of event.choices) foldChoice(folded, choice);
};

const factsOf = (folded: Folded): AnswerFacts => {
  const { finishReasons, toolCalls, error } = folded;
  const finished = finishReasons.length > 0 && finishReasons.every((reason) => reason !== "");
  // A content that stays "" beside tool calls is how some providers say "no text".
  const text = folded.text === "" && toolCalls.length > 0 ? null : folded.text;
  const { id, model, fingerprint, usage, chars, refusal } = folded;
  return {
    ...{ id, model, fingerprint, usage, error },
    finishReasons: finishReasons.map((reason) => reason || "error"),
    answer: finishReasons.length > 0 ? { text, chars, refusal, finishReason: finishReasons[0] ?? "", toolCalls } : null,
    complete: error === null && (finished || folded.done),
  };
};

/** Starts an empty fold. */
export const createStreamFold = (): StreamFold => {
  const folded: Folded = {
    ...{ id: "", model: "", fingerprint: "", usage: {}, error: null, done: false },
    ...{ text: null, chars: 0, refusal: null, finishReasons: [], toolCalls: [] },
  };
  let unread = "";
  const push = (text: string): void => {
    const lines = (unread + text).split(/\r\n|\n|\r/);
    unread = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("data:")) foldEvent(folded, line.slice(5).trim());
  };
  return {
    push,
    facts: () => {
      // A stream that was cut, or that ends without a blank line, leaves its last event here.
      if (unread.startsWith("data:")) foldEvent(folded, unread.slice(5).trim());
      unread = "";
      return factsOf(folded);
    },
  };
};
