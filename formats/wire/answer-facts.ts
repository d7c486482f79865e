import type { Answer } from "../../features/answer.ts";
import type { TokenUsage } from "../usage/token-usage.ts";

/** What a response says, plain or streamed. The answer's text stays inside this process. */
export interface AnswerFacts {
  /** Empty = unknown, like `model` and `fingerprint`. */
  readonly id: string;
  readonly model: string;
  readonly fingerprint: string;
  /** One per choice, by index; `error` where the provider gave none (a cut stream). Empty for embeddings. */
  readonly finishReasons: readonly string[];
  readonly usage: TokenUsage;
  /** The first choice; null when there was none. */
  readonly answer: Answer | null;
  /** True when the provider said that the answer is whole: a finish reason for every choice, or a last event. */
  readonly complete: boolean;
  /** The provider's error code when it sent an error instead of (the rest of) an answer. An identifier, no message. */
  readonly error: string | null;
  /** What else is worth an attribute, by its name; never content. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
}
