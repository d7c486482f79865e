import { parseObject } from "../providers/read-json.ts";
import type { AttemptHeaders } from "./attempt-headers.ts";
import type { BodyObserver } from "./body-observer.ts";
import { type BodyRecorder, createBodyRecorder } from "./body-recorder.ts";
import { type Ending, finalError } from "./call-ending.ts";
import type { Clock } from "./clock.ts";
import { errorType } from "./error-type.ts";
import type { FinishedCall } from "./finished-call.ts";
import type { MatchedRequest } from "./match-request.ts";
import { canObserve, isResponse, observeResponse } from "./observe-response.ts";
import type { OpenCall, OpenCalls } from "./open-calls.ts";
import type { CallOrigin } from "./retry-fold.ts";
import { retryWait } from "./retry-wait.ts";
import { createStreamTimer } from "./stream-timing.ts";

/** What is known of an attempt before it is sent. */
export interface CallStart {
  readonly matched: MatchedRequest;
  readonly headers: AttemptHeaders;
  readonly origin: CallOrigin;
  /** Keeps a failed attempt back until `waitMs` have passed without a retry. */
  readonly hold: (waitMs: number, publish: () => void) => void;
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
  /**
   * The same for a transport without a Response: returns what has to be told about the body as the app reads it. The
   * call is abandoned when `body`, what the app reads it from, is garbage collected.
   */
  readonly receiving: (status: number, contentType: string | null, body?: object) => BodyObserver;
  /** The answer was an error, or there was none, for a transport that knows no more of it than this status. */
  readonly refused: (status: number) => void;
  /** The transport made this many attempts by itself, of which this was the last. */
  readonly attempted: (attempts: number) => void;
}

const isAbort = (type: string): boolean => type === "timeout" || type === "aborted";

/** Follows one attempt that has just been sent. */
export const createModelCall = (start: CallStart, collaborators: CallCollaborators): ModelCall => {
  const { clock, open, defer, guard, record } = collaborators;
  const { matched, headers, origin } = start;
  const sentTick = clock.tick();
  const timer = createStreamTimer();
  let httpStatus: number | null = null;
  let recorder: BodyRecorder | null = null;
  let firstContentMs: number | null = null;
  let lastTick = sentTick;
  let readPending = false;
  let ended = false;
  let attempt = headers.attempt ?? 0;

  const publish = async (ending: Ending): Promise<void> => {
    const body = typeof matched.body === "string" ? matched.body : await matched.body.catch(() => "");
    const parsed = parseObject(body);
    const request = parsed && matched.format.readRequest(parsed, matched.url);
    if (parsed === null || request === null) return;
    const answer = recorder?.facts() ?? null;
    record({
      ...{ firstContentMs, request, body: parsed, httpStatus, answer },
      ...{ url: matched.url, provider: matched.format.provider },
      ...{ startedAt: origin.startedAt, context: origin.context, parent: origin.parent },
      stream: recorder?.streamed ? timer.timing() : null,
      durationMs: ending.endTick - origin.startTick,
      attempt,
      errorType: finalError(ending, recorder, answer),
    });
  };
  /** `failure` is given where an SDK may try again: the response it got, or null without one. */
  const end = (ending: Ending, failure?: Response | null): void => {
    if (ended) return;
    ended = true;
    open.remove(handle);
    const tell = (): void => defer(() => publish(ending));
    const mayRetry = failure !== undefined && ending.errorType !== null;
    const waitMs = mayRetry ? retryWait(headers.attempt, failure, clock.now()) : null;
    if (waitMs === null) tell();
    else start.hold(waitMs, tell);
  };
  const typeOf = (error: unknown): string =>
    errorType(error, matched.signal, clock.tick() - sentTick, headers.timeoutMs);
  const failed = (error: unknown): void =>
    end({ endTick: clock.tick(), errorType: typeOf(error), unlessComplete: true }, null);
  const bodyFailed = (error: unknown): void => {
    const ending = { endTick: clock.tick(), errorType: typeOf(error), unlessComplete: true };
    // The only failure after the headers that SDKs repeat is their own timeout, which looks like an abort.
    if (isAbort(ending.errorType) && !recorder?.streamed) end(ending, null);
    else end(ending);
  };
  const handle: OpenCall = {
    lastActivity: () => lastTick,
    // Waiting for the provider when it ended: that is a timeout. Otherwise the app lost interest when it last read.
    abandon: () => {
      const errorType = readPending ? "timeout" : "aborted";
      end({ endTick: readPending ? clock.tick() : lastTick, errorType, unlessComplete: true });
    },
  };

  const observer = (body: BodyRecorder): BodyObserver => ({
    reading: () => {
      readPending = true;
      timer.reading(clock.tick());
    },
    chunk: (bytes) => {
      readPending = false;
      lastTick = clock.tick();
      timer.chunk(lastTick);
      guard(() => {
        if (body.push(bytes)) firstContentMs ??= lastTick - origin.startTick;
      });
    },
    end: () => guard(() => end({ endTick: lastTick, errorType: null, unlessComplete: false })),
    fail: (error) => guard(() => bodyFailed(error)),
    cancel: () => guard(() => end({ endTick: lastTick, errorType: "aborted", unlessComplete: true })),
  });
  const receiving = (status: number, contentType: string | null, body?: object): BodyObserver => {
    httpStatus = status;
    lastTick = clock.tick();
    recorder = createBodyRecorder(matched.format, matched.url, contentType);
    open.add(handle);
    if (body !== undefined) open.watch(handle, body);
    return observer(recorder);
  };
  const refused = (status: number): void => {
    httpStatus = status;
    end({ endTick: clock.tick(), errorType: String(status), unlessComplete: false });
  };
  const attempted = (attempts: number): void => {
    attempt = Math.max(0, attempts - 1);
  };
  const answered = (response: Response): Response => {
    lastTick = clock.tick();
    if (!isResponse(response)) {
      end({ endTick: lastTick, errorType: null, unlessComplete: false });
      return response;
    }
    httpStatus = response.status;
    if (response.ok && canObserve(response)) {
      const life = {};
      const told = receiving(response.status, response.headers.get("content-type"), life);
      observeResponse(response, told, recorder?.streamed !== true, life);
      return response;
    }
    const errorType = response.ok ? null : String(response.status);
    end({ endTick: lastTick, errorType, unlessComplete: false }, response);
    return response;
  };
  return { failed, answered, receiving, refused, attempted };
};
