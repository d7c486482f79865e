import type { Answer, ToolCall } from "../../features/answer.ts";

/** Text kept per answer, in characters; longer answers are counted but not kept. */
const MAX_TEXT = 1024 * 1024;

/** Calls kept per answer: indexes come from outside, and an absurd one must not make an absurd array. */
const MAX_TOOL_CALLS = 1024;

/** Puts the first choice of a streamed answer together from its pieces. */
export interface AnswerBuilder {
  readonly text: (piece: string) => void;
  readonly refusal: (piece: string) => void;
  /** A piece of the tool call with this index; names and arguments are joined. A gap in the indexes is ignored. */
  readonly toolCall: (index: number, piece: ToolCall) => void;
  /** How many tool calls there are so far: the index of a new one. */
  readonly toolCalls: () => number;
  readonly logprob: (value: number) => void;
  readonly answer: (finishReason: string) => Answer;
}

/** Starts with an empty answer. */
export const createAnswerBuilder = (): AnswerBuilder => {
  const pieces: string[] = [];
  let seenText = false;
  let chars = 0;
  let kept = 0;
  let refusal: string | null = null;
  let logprobs = 0;
  let logprobSum = 0;
  const toolCalls: { name: string; arguments: string }[] = [];
  const text = (): string | null => {
    // A content that stays "" beside tool calls is how some providers say "no text".
    return !seenText || (chars === 0 && toolCalls.length > 0) ? null : pieces.join("");
  };
  return {
    text: (piece) => {
      seenText = true;
      chars += piece.length;
      const more = piece.slice(0, MAX_TEXT - kept);
      kept += more.length;
      if (more !== "") pieces.push(more);
    },
    refusal: (piece) => {
      refusal = (refusal ?? "") + piece;
    },
    toolCall: (index, piece) => {
      if (!(index >= 0 && index <= toolCalls.length && index < MAX_TOOL_CALLS)) return;
      const known = toolCalls[index] ?? { name: "", arguments: "" };
      known.name += piece.name;
      known.arguments += piece.arguments;
      toolCalls[index] = known;
    },
    toolCalls: () => toolCalls.length,
    logprob: (value) => {
      logprobs += 1;
      logprobSum += value;
    },
    answer: (finishReason) => ({
      ...{ text: text(), chars, refusal, finishReason, toolCalls },
      meanLogprob: logprobs === 0 ? null : logprobSum / logprobs,
    }),
  };
};
