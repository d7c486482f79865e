import type { ParentSpan } from "../app-tracing.ts";
import type { CallContext } from "../call-context.ts";
import type { AnswerFacts } from "./answer-facts.ts";
import type { RequestFacts } from "./read-request.ts";

/** One attempt of a chat completion, as it went: everything its span is made of. */
export interface FinishedCall {
  /** Epoch ms. */
  readonly startedAt: number;
  /** Request to last byte, or to the failure. */
  readonly durationMs: number;
  /** Request to first content; null for plain calls and where no content came. */
  readonly firstContentMs: number | null;
  readonly url: URL;
  /** 0 for the first attempt. */
  readonly attempt: number;
  readonly request: RequestFacts;
  readonly context: CallContext;
  readonly parent: ParentSpan | null;
  readonly httpStatus: number | null;
  /** Null when no answer was seen. */
  readonly answer: AnswerFacts | null;
  /** Null for a call that went well. */
  readonly errorType: string | null;
}
