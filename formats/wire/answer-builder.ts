import type { Answer } from "../../features/answer.ts";
import { ToolCalls } from "./tool-calls/tool-calls.ts";

/** Text kept per answer, in characters; longer answers are counted but not kept. */
const MAX_TEXT = 1024 * 1024;

/** Puts the first choice of a streamed answer together from its pieces. Starts with an empty answer. */
export class AnswerBuilder {
  readonly toolCalls: ToolCalls = new ToolCalls();
  readonly #pieces: string[] = [];
  #seenText = false;
  #chars = 0;
  #kept = 0;
  #refusal: string | null = null;
  #logprobs = 0;
  #logprobSum = 0;

  text(piece: string): void {
    this.#seenText = true;
    this.#chars += piece.length;
    const more = piece.slice(0, MAX_TEXT - this.#kept);
    this.#kept += more.length;
    if (more !== "") this.#pieces.push(more);
  }

  refusal(piece: string): void {
    this.#refusal = (this.#refusal ?? "") + piece;
  }

  logprob(value: number): void {
    this.#logprobs += 1;
    this.#logprobSum += value;
  }

  answer(finishReason: string): Answer {
    const toolCalls = this.toolCalls.list();
    // A content that stays "" beside tool calls is how some providers say "no text".
    const noText = !this.#seenText || (this.#chars === 0 && toolCalls.length > 0);
    return {
      ...{ text: noText ? null : this.#pieces.join(""), chars: this.#chars, refusal: this.#refusal },
      ...{ finishReason, toolCalls },
      meanLogprob: this.#logprobs === 0 ? null : this.#logprobSum / this.#logprobs,
    };
  }
}
