import { parseObject } from "../providers/read-json.ts";
import type { AttemptHeaders } from "./attempt-headers.ts";
import type { BodyObserver } from "./body-observer.ts";
import { createBodyRecorder } from "./body-recorder.ts";
import { type BodyWatch, createBodyWatch } from "./body-watch.ts";
import type { ByteBlocks } from "./byte-blocks.ts";
import { type Ending, finalError } from "./call-ending.ts";
import type { Clock } from "./clock.ts";
import { errorType } from "./error-type.ts";
import type { FinishedCall } from "./finished-call.ts";
import type { MatchedRequest } from "./match-request.ts";
import { canObserve, isResponse, observeResponse } from "./observe-response.ts";
import type { OpenCall, OpenCalls } from "./open-calls.ts";
import type { CallOrigin } from "./retry-fold.ts";
import { type RetryWait, retryWait } from "./retry-wait.ts";

/** What is known of an attempt before it is sent. */
export interface CallStart {
  readonly matched: MatchedRequest;
  readonly headers: AttemptHeaders;
  readonly origin: CallOrigin;
  /** Keeps a failed attempt back until the wait is over without a retry. */
  readonly hold: (wait: RetryWait, publish: () => void) => void;
}

/** Collaborators of a call. */
export interface CallCollaborators {
  readonly clock: Clock;
  readonly open: OpenCalls;
  /** Runs a function soon, after the app's own work; reading bodies is not done on the app's time. `chars` are kept
   * in memory until then. */
  readonly defer: (work: () => void, chars: number) => void;
  /** Runs a function of ours so that nothing it throws reaches the app. */
  readonly guard: (work: () => void) => void;
  readonly record: (call: FinishedCall) => void;
  /** Where what the app reads is kept until its turn comes. */
  readonly blocks: ByteBlocks;
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

/** The text of a request's body, and a way to wait for it where it is not at hand. */
interface RequestText {
  /** Null until it has been read. */
  text: string | null;
  readonly read: Promise<void> | null;
}

/** A body that cannot be read is empty: then nothing is known of the call. */
const requestTextOf = ({ body }: MatchedRequest): RequestText => {
  if (typeof body === "string") return { text: body, read: null };
  const settle = (text: string): void => {
    request.text = text;
  };
  const request: RequestText = {
    text: null,
    read: body.then(settle, () => settle("")).catch(() => {}),
  };
  return request;
};

/** How a call is told once it has ended; null when its request is none after all. */
const finishedCall = (
  { matched, origin }: CallStart,
  text: string,
  body: BodyWatch | null,
  ending: Ending,
  { httpStatus, attempt }: Pick<FinishedCall, "httpStatus" | "attempt">,
): FinishedCall | null => {
  const parsed = parseObject(text);
  const request = parsed && matched.format.readRequest(parsed, matched.url);
  if (parsed === null || request === null) return null;
  const answer = body?.recorder.facts() ?? null;
  const firstContentTick = body?.firstContentTick() ?? null;
  return {
    ...{ request, body: parsed, answer, url: matched.url, provider: matched.format.provider, httpStatus, attempt },
    ...{ startedAt: origin.startedAt, context: origin.context, parent: origin.parent },
    stream: body?.timing() ?? null,
    firstContentMs: firstContentTick === null ? null : firstContentTick - origin.startTick,
    durationMs: ending.endTick - origin.startTick,
    errorType: finalError(ending, body?.recorder ?? null, answer),
  };
};

/** Follows one attempt that has just been sent. */
export const createModelCall = (start: CallStart, collaborators: CallCollaborators): ModelCall => {
  const { clock, open, defer, guard, record, blocks } = collaborators;
  const { matched, headers } = start;
  const sentTick = clock.tick();
  let httpStatus: number | null = null;
  let body: BodyWatch | null = null;
  let ended = false;
  let { attempt } = headers;
  const request = requestTextOf(matched);

  const publishAs = (text: string, ending: Ending): void => {
    const call = finishedCall(start, text, body, ending, { httpStatus, attempt });
    if (call !== null) record(call);
  };
  const publish = (ending: Ending): void => {
    if (request.text !== null) publishAs(request.text, ending);
    // Answered before its request was read to the end: the clone takes a little longer.
    else void request.read?.then(() => guard(() => publishAs(request.text ?? "", ending)));
  };
  /** `failure` is given where an SDK may try again: the response it got, or null without one. */
  const end = (ending: Ending, failure?: Response | null): void => {
    if (ended) return;
    ended = true;
    open.remove(handle);
    const chars = (request.text?.length ?? 0) + (body?.recorder.size() ?? 0);
    const tell = (): void => defer(() => publish(ending), chars);
    const mayRetry = failure !== undefined && ending.errorType !== null;
    const wait = mayRetry ? retryWait(headers, failure, clock.now()) : null;
    if (wait === null) tell();
    else start.hold(wait, tell);
  };
  const failed = (error: unknown): void => {
    const endTick = clock.tick();
    const type = errorType(error, matched.signal, endTick - sentTick, headers.timeoutMs());
    const ending = { endTick, errorType: type, unlessComplete: true };
    // The only failure after the headers that SDKs repeat is their own timeout, which looks like an abort.
    if (body === null || (isAbort(type) && !body.recorder.streamed)) end(ending, null);
    else end(ending);
  };
  const lastTick = (): number => body?.lastTick() ?? sentTick;
  const handle: OpenCall = {
    lastActivity: lastTick,
    // Waiting for the provider when it ended: that is a timeout. Otherwise the app lost interest when it last read.
    // Called by timers and the garbage collector, where an error would be the app's end.
    abandon: () =>
      guard(() =>
        body?.isWaiting()
          ? end({ endTick: clock.tick(), errorType: "timeout", unlessComplete: true })
          : end({ endTick: lastTick(), errorType: "aborted", unlessComplete: true }),
      ),
  };

  const receiving: ModelCall["receiving"] = (status, contentType, watched) => {
    httpStatus = status;
    body = createBodyWatch(createBodyRecorder(matched.format, matched.url, contentType, blocks), collaborators, {
      end: () => end({ endTick: lastTick(), errorType: null, unlessComplete: false }),
      fail: failed,
      cancel: () => end({ endTick: lastTick(), errorType: "aborted", unlessComplete: true }),
    });
    open.add(handle);
    if (watched !== undefined) open.watch(handle, watched);
    return body.observer;
  };
  const answered = (response: Response): Response => {
    if (!isResponse(response)) {
      end({ endTick: clock.tick(), errorType: null, unlessComplete: false });
    } else if (response.ok && canObserve(response)) {
      const life = {};
      const observer = receiving(response.status, response.headers.get("content-type"), life);
      observeResponse(response, observer, { whole: body?.recorder.streamed !== true, life, guard });
    } else {
      httpStatus = response.status;
      const errorType = response.ok ? null : String(response.status);
      end({ endTick: clock.tick(), errorType, unlessComplete: false }, response);
    }
    return response;
  };
  const refused = (status: number): void => {
    httpStatus = status;
    end({ endTick: clock.tick(), errorType: String(status), unlessComplete: false });
  };
  const attempted = (attempts: number): void => {
    attempt = Math.max(0, attempts - 1);
  };
  return { failed, answered, receiving, refused, attempted };
};
