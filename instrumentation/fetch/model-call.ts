import type { ParentSpan } from "../app-tracing.ts";
import type { CallContext } from "../call-context.ts";
import { parseObject } from "../providers/read-json.ts";
import { type BodyRecorder, createBodyRecorder } from "./body-recorder.ts";
import type { Clock } from "./clock.ts";
import { errorType } from "./error-type.ts";
import type { FinishedCall } from "./finished-call.ts";
import type { MatchedRequest } from "./match-request.ts";
import { type BodyObserver, observeBody } from "./observe-body.ts";
import type { OpenCall, OpenCalls } from "./open-calls.ts";
import { createStreamTimer } from "./stream-timing.ts";

/** What is known of a call before it is sent. */
export interface CallStart {
  readonly matched: MatchedRequest;
  readonly context: CallContext;
  readonly parent: ParentSpan | null;
}

/** Collaborators of a call. */
export interface CallCollaborators {
  readonly clock: Clock;
  readonly open: OpenCalls;
  /** Runs a function soon, after the app's own work; reading bodies is not done on the app's time. */
  readonly defer: (work: () => void | Promise<void>) => void;
  /** Runs a function of ours so that nothing it throws reaches the app. */
  readonly guard: (work: () => void) => void;
  readonly record: (call: FinishedCall) => void;
}

/** One attempt of a model call, from the request to the last byte the app reads. */
export interface ModelCall {
  /** The request, or the wait for its headers, failed. */
  readonly failed: (error: unknown) => void;
  /** The headers have come; returns the response to hand to the app. */
  readonly answered: (response: Response) => Response;
}

/** How a call ended. */
interface Ending {
  readonly endTick: number;
  readonly errorType: string | null;
  /** True where the answer may be whole all the same: the app stopped reading after the last event. */
  readonly unlessComplete: boolean;
}

const wholeNumber = (text: string | null): number | null => (text && /^\d{1,9}$/.test(text) ? Number(text) : null);

const timeoutOf = (headers: Headers): number | null => {
  const seconds = wholeNumber(headers.get("x-stainless-timeout"));
  // The header is cut to whole seconds, so that 0 says nothing.
  return seconds ? seconds * 1000 : null;
};

/** Error of a call whose body was read to `ending`: the ending's own, the provider's, or `incomplete`. */
const finalError = (ending: Ending, recorder: BodyRecorder | null, facts: FinishedCall["answer"]): string | null => {
  if (facts?.error) return facts.error;
  if (ending.errorType !== null) return ending.unlessComplete && facts?.complete ? null : ending.errorType;
  return recorder === null || facts === null || facts.complete ? null : "incomplete";
};

/** Follows one call that has just been sent. */
export const createModelCall = (start: CallStart, collaborators: CallCollaborators): ModelCall => {
  const { clock, open, defer, guard, record } = collaborators;
  const { matched } = start;
  const startedAt = clock.now();
  const startTick = clock.tick();
  let httpStatus: number | null = null;
  let recorder: BodyRecorder | null = null;
  const timer = createStreamTimer();
  let firstContentMs: number | null = null;
  let lastTick = startTick;
  let readPending = false;
  let ended = false;

  const publish = async (ending: Ending): Promise<void> => {
    const body = typeof matched.body === "string" ? matched.body : await matched.body.catch(() => "");
    const parsed = parseObject(body);
    const request = parsed && matched.format.readRequest(parsed, matched.url);
    if (request === null) return;
    const answer = recorder?.facts() ?? null;
    record({
      ...{ startedAt, firstContentMs, request, httpStatus, answer },
      ...{ url: matched.url, provider: matched.format.provider, context: start.context, parent: start.parent },
      stream: recorder?.streamed ? timer.timing() : null,
      durationMs: ending.endTick - startTick,
      attempt: wholeNumber(matched.headers.get("x-stainless-retry-count")) ?? 0,
      errorType: finalError(ending, recorder, answer),
    });
  };
  const end = (ending: Ending): void => {
    if (ended) return;
    ended = true;
    open.remove(handle);
    defer(() => publish(ending));
  };
  const typeOf = (error: unknown): string =>
    errorType(error, matched.signal, clock.tick() - startTick, timeoutOf(matched.headers));
  const failed = (error: unknown): void =>
    end({ endTick: clock.tick(), errorType: typeOf(error), unlessComplete: true });
  const handle: OpenCall = {
    lastActivity: () => lastTick,
    // Waiting for the provider when it ended: that is a timeout. Otherwise the app lost interest when it last read.
    abandon: () => {
      const errorType = readPending ? "timeout" : "aborted";
      end({ endTick: readPending ? clock.tick() : lastTick, errorType, unlessComplete: true });
    },
  };

  const observer = (body: BodyRecorder): BodyObserver => {
    const take = (bytes: Uint8Array): void => {
      if (body.push(bytes) && firstContentMs === null) firstContentMs = lastTick - startTick;
    };
    return {
      reading: () => {
        readPending = true;
        timer.reading(clock.tick());
      },
      chunk: (bytes) => {
        readPending = false;
        lastTick = clock.tick();
        timer.chunk(lastTick);
        guard(() => take(bytes));
      },
      end: () => end({ endTick: lastTick, errorType: null, unlessComplete: false }),
      fail: (error) => guard(() => failed(error)),
      cancel: () => end({ endTick: lastTick, errorType: "aborted", unlessComplete: true }),
    };
  };
  const answered = (response: Response): Response => {
    httpStatus = response.status;
    lastTick = clock.tick();
    if (!response.ok || response.body === null || !(response instanceof Response)) {
      end({ endTick: lastTick, errorType: response.ok ? null : String(response.status), unlessComplete: false });
      return response;
    }
    recorder = createBodyRecorder(matched.format, matched.url, response.headers.get("content-type"));
    open.add(handle);
    return observeBody(response, observer(recorder), (body) => open.watch(handle, body));
  };
  return { failed, answered };
};
