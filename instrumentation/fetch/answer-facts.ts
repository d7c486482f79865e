import type { Answer } from "../../features/answer.ts";

/** Token counts as the provider gave them; a missing member was not given. */
export interface TokenUsage {
  readonly input?: number;
  readonly output?: number;
  readonly cached?: number;
  readonly reasoning?: number;
}

/** What a response says, plain or streamed. The answer's text stays inside this process. */
export interface AnswerFacts {
  readonly id: string;
  readonly model: string;
  readonly fingerprint: string;
  /** One per choice, by index; `error` where the provider gave none (a cut stream). */
  readonly finishReasons: readonly string[];
  readonly usage: TokenUsage;
  /** The first choice; null when there was none. */
  readonly answer: Answer | null;
  /** True when the provider said that the answer is whole: a finish reason for every choice, or `[DONE]`. */
  readonly complete: boolean;
  /** The provider's error code when it sent an error instead of (the rest of) an answer. */
  readonly error: string | null;
}
