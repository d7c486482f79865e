import type { PairKind } from "../../core/pair-row.ts";
import type { Failure } from "../../formats/errors/read-failure.ts";
import type { JsonObject } from "../../formats/json/json-object.ts";
import type { AnswerFacts } from "../../formats/wire/answer-facts.ts";
import type { RequestFacts } from "../../formats/wire/request-facts.ts";
import type { ParentSpan } from "../app-tracing.ts";
import type { CallContext } from "../call-context.ts";
import type { RetriesSoFar } from "./retries-so-far.ts";
import type { StreamTiming } from "./stream-timing.ts";

/** One model call, as it went: everything its span is made of. */
export interface FinishedCall {
  /** Epoch ms; of the first attempt. */
  readonly startedAt: number;
  /** Request to last byte, or to the failure; with all attempts and the waits between them. */
  readonly durationMs: number;
  /** Request to first content; null for plain calls and where no content came. */
  readonly firstContentMs: number | null;
  /** Null for plain answers. */
  readonly stream: StreamTiming | null;
  readonly url: URL;
  /** `gen_ai.provider.name` for a host that is not known by name. */
  readonly provider: string;
  /** Number of the last attempt; 0 = there was only one. */
  readonly attempt: number;
  readonly request: RequestFacts;
  /** The request's body as it was sent: content, which leaves this process only on explicit opt-in. */
  readonly body: JsonObject;
  readonly context: CallContext;
  /** Headers of the request that say how it is to be answered, while calls are shadowed. */
  readonly passedOn?: Readonly<Record<string, string>> | null;
  readonly parent: ParentSpan | null;
  readonly httpStatus: number | null;
  /** Null when no answer was seen. */
  readonly answer: AnswerFacts | null;
  /** Null for a call that went well. */
  readonly errorType: string | null;
  /** What kind of failure that is; null without one. */
  readonly failure: Failure | null;
  /** Of a call that others served, and that is asked again from what was stored of it. */
  readonly stored?: {
    /** Whose shadow it is for. */
    readonly migration: string;
    /** Ids of the pairs it may be part of: the same call has the same ones whoever asks it again. */
    readonly pairIds: Readonly<Record<PairKind, string>>;
    /** Where it stands among the calls that a share is taken of, and those that are asked of the baseline once more: [0, 1). */
    readonly draws: Readonly<Record<PairKind, number>>;
  };
  /** What its attempts met with; null where it is not known how its sender tries again. */
  readonly retries: RetriesSoFar | null;
}
