import { type Failure, readFailure } from "../../formats/errors/read-failure.ts";
import { parseObject } from "../../formats/json/read-json.ts";
import type { WireFormat } from "../../formats/wire/wire-format.ts";
import type { Work } from "../deferred.ts";
import type { FailOpen } from "../fail-open.ts";
import { type AttemptHeaders, timeoutOf } from "./attempt-headers.ts";
import type { BodyObserver } from "./body-observer.ts";
import { createBodyRecorder } from "./body-recorder.ts";
import { type BodyEnds, BodyWatch } from "./body-watch.ts";
import type { ByteBlocks } from "./byte-blocks.ts";
import { type Ending, finalError } from "./call-ending.ts";
import type { Clock } from "./clock.ts";
import { errorType } from "./error-type.ts";
import type { FinishedCall } from "./finished-call.ts";
import type { MatchedRequest } from "./match-request.ts";
import { canObserve, isResponse, observeResponse } from "./observe-response.ts";
import type { OpenCall, OpenCalls } from "./open-calls.ts";
import { PackedRecorder } from "./packed-recorder.ts";
import { RefusedBody } from "./refused-body.ts";
import { afterLast, askedWaitMs, type FailedAttempt, isThrottling, type RetriesSoFar } from "./retries-so-far.ts";
import type { CallOrigin } from "./retry-fold.ts";
import { type RetryWait, retryWait } from "./retry-wait.ts";
import { isPlain } from "./unpacked-text.ts";

/** What is known of an attempt before it is sent. */
export interface CallStart {
  readonly matched: MatchedRequest;
  readonly headers: AttemptHeaders;
  readonly origin: CallOrigin;
  /** The app's scope it is made in: an object compared by identity. */
  readonly scope: unknown;
  /** What the attempts before it met with. */
  readonly retries: RetriesSoFar;
}

/** Collaborators of a call. */
export interface CallCollaborators {
  readonly clock: Clock;
  readonly open: OpenCalls;
  /** Does work soon, after the app's own; reading bodies is not done on the app's time. `chars` are kept until then. */
  readonly defer: (work: Work, chars: number) => void;
  /** Keeps errors of ours away from the app. */
  readonly failOpen: FailOpen;
  readonly record: (call: FinishedCall) => void;
  /** What of a request's headers is kept until the call ended. Default: nothing. */
  readonly carry?: (headers: Headers) => Readonly<Record<string, string>> | null;
  /** Where what the app reads is kept until its turn comes. */
  readonly blocks: ByteBlocks;
  /** Keeps a failed attempt back until the wait is over without a retry. */
  readonly hold: (start: CallStart, failed: FailedAttempt, wait: RetryWait, publish: () => void) => void;
}

/** One attempt of a model call, from the request to the last byte the app reads. */
export interface ModelCall {
  /** The request, or the wait for its headers, failed. */
  failed(error: unknown): void;
  /** The headers have come; returns the response to hand to the app. */
  answered(response: Response): Response;
  /**
   * The same for a transport without a Response: returns what has to be told about the body as the app reads it. The
   * call is abandoned when `body`, what the app reads it from, is garbage collected. `encoding`: how the bytes that will be
   * told are packed, as its header says it.
   */
  receiving(status: number, contentType: string | null, body?: object, encoding?: string): BodyObserver;
  /**
   * The answer was an error, or there was none; its headers, where the transport has them, say whether to try again. Returns
   * what may be told about the error's body as the app reads it, which nothing waits for.
   */
  refused(status: number, headers?: Headers, encoding?: string): BodyObserver;
  /** An answer of this status was read by the app, to its end; what it says cannot be seen. */
  unread(status: number): void;
  /** The transport made this many attempts by itself, of which this was the last, and waited so long between them, ms. */
  attempted(attempts: number, waitMs: number | null): void;
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

/**
 * Follows one attempt that has just been sent. A class, as all that is made for each call: the compiled code of its
 * methods outlives the calls, where that of functions made for a call is thrown away with them.
 */
export class FollowedCall implements ModelCall, OpenCall, BodyEnds, Work {
  readonly #collaborators: CallCollaborators;
  readonly #format: WireFormat;
  readonly #url: URL;
  readonly #origin: CallOrigin;
  readonly #request: RequestText;
  readonly #sentTick: number;
  readonly #passedOn: Readonly<Record<string, string>> | null;
  #httpStatus: number | null = null;
  #body: BodyWatch | null = null;
  #ending: Ending | null = null;
  #attempt: number;
  /** Null where it is not known how its sender tries again. */
  #retries: RetriesSoFar | null;
  #refusal: RefusedBody | null = null;
  /** Of a header of the answer; empty without one. */
  #errorCode = "";
  /** Null once the call has ended: the app's signal and headers keep all that its request is made of in memory. */
  #start: CallStart | null;

  constructor(start: CallStart, collaborators: CallCollaborators) {
    this.#start = start;
    this.#collaborators = collaborators;
    this.#format = start.matched.format;
    this.#url = start.matched.url;
    this.#origin = start.origin;
    this.#request = requestTextOf(start.matched);
    this.#sentTick = collaborators.clock.tick();
    this.#passedOn = collaborators.carry?.(start.matched.headers) ?? null;
    this.#attempt = start.headers.attempt;
    this.#retries = start.headers.habit === null ? null : start.retries;
  }

  failed(error: unknown): void {
    if (this.#start === null) return;
    const { signal, headers } = this.#start.matched;
    const endTick = this.#now();
    const type = errorType(error, signal, endTick - this.#sentTick, timeoutOf(headers));
    const ending = { endTick, errorType: type, unlessComplete: true };
    // The only failure after the headers that SDKs repeat is their own timeout, which looks like an abort.
    if (this.#body === null || (isAbort(type) && !this.#body.recorder.streamed)) this.#end(ending, null);
    else this.#end(ending);
  }

  answered(response: Response): Response {
    if (!isResponse(response)) {
      this.#end({ endTick: this.#now(), errorType: null, unlessComplete: false });
    } else if (response.ok && canObserve(response)) {
      const life = {};
      const observer = this.receiving(response.status, response.headers.get("content-type"), life);
      const { guard } = this.#collaborators.failOpen;
      observeResponse(response, observer, { whole: !observer.recorder.streamed, life, guard });
    } else {
      if (!response.ok) this.#watchRefusal(response);
      this.#httpStatus = response.status;
      const errorType = response.ok ? null : String(response.status);
      this.#end({ endTick: this.#now(), errorType, unlessComplete: false }, response);
    }
    return response;
  }

  receiving(status: number, contentType: string | null, watched?: object, encoding = ""): BodyWatch {
    const { open, blocks } = this.#collaborators;
    this.#httpStatus = status;
    const plain = createBodyRecorder(this.#format, this.#url, contentType, blocks);
    const recorder = isPlain(encoding) ? plain : new PackedRecorder(plain, encoding);
    const body = new BodyWatch(recorder, this.#collaborators, this);
    this.#body = body;
    open.add(this);
    if (watched !== undefined) open.watch(this, watched);
    return body;
  }

  refused(status: number, headers?: Headers, encoding = ""): BodyObserver {
    const body = this.#refusedWith(headers, encoding);
    this.#httpStatus = status;
    const ending = { endTick: this.#now(), errorType: String(status), unlessComplete: false };
    this.#end(ending, headers === undefined ? undefined : { status, headers });
    return body;
  }

  unread(status: number): void {
    this.#httpStatus = status;
    this.#end({ endTick: this.#now(), errorType: null, unlessComplete: false });
  }

  attempted(attempts: number, waitMs: number | null): void {
    this.#attempt = Math.max(0, attempts - 1);
    // Why the ones before failed, nobody says.
    if (waitMs !== null) this.#retries = { waitMs, throttled: attempts > 1 ? null : 0, kept: null };
  }

  bodyEnded(): void {
    this.#end({ endTick: this.lastActivity(), errorType: null, unlessComplete: false });
  }

  bodyFailed(error: unknown): void {
    this.failed(error);
  }

  bodyCancelled(): void {
    this.#end({ endTick: this.lastActivity(), errorType: "aborted", unlessComplete: true });
  }

  lastActivity(): number {
    return this.#body?.lastTick() ?? this.#sentTick;
  }

  /** Called by timers and the garbage collector, where an error would be the app's end. */
  abandon(): void {
    this.#collaborators.failOpen.guard(FollowedCall.#abandon, this);
  }

  /** Tells the call that has ended. */
  run(): void {
    this.#collaborators.failOpen.guard(FollowedCall.#publish, this);
  }

  #refusedWith(headers: Headers | undefined, encoding: string): RefusedBody {
    const body = new RefusedBody(this.#collaborators.failOpen, encoding);
    this.#refusal = body;
    this.#errorCode = headers?.get("x-amzn-errortype") ?? "";
    return body;
  }

  #watchRefusal(response: Response): void {
    const body = this.#refusedWith(response.headers, "");
    const { guard } = this.#collaborators.failOpen;
    if (canObserve(response)) observeResponse(response, body, { whole: true, life: {}, guard });
  }

  #now(): number {
    return this.#collaborators.clock.tick();
  }

  /** `failure` is given where an SDK may try again: the response it got, or null without one. */
  #end(ending: Ending, failure?: Pick<Response, "status" | "headers"> | null): void {
    const start = this.#start;
    if (start === null) return;
    this.#start = null;
    this.#ending = ending;
    const { open, clock, hold } = this.#collaborators;
    open.remove(this);
    const mayRetry = failure !== undefined && ending.errorType !== null;
    const wait = mayRetry ? retryWait(start.headers, failure, clock.now()) : null;
    if (wait === null || failure === undefined) this.#defer();
    else hold(start, this.#failedAttempt(failure), wait, () => this.#defer());
  }

  #failedAttempt(failure: Pick<Response, "status" | "headers"> | null): FailedAttempt {
    const isThrottled = failure !== null && isThrottling(readFailure(failure.status, "").kind);
    return { isThrottled, askedMs: failure && askedWaitMs(failure.headers, this.#collaborators.clock.now()) };
  }

  #defer(): void {
    const kept = (this.#request.text?.length ?? 0) + (this.#body?.recorder.size() ?? 0);
    this.#collaborators.defer(this, kept);
  }

  #tell(text: string): void {
    const finished = this.#ending && this.#finished(text, this.#ending);
    if (finished !== null) this.#collaborators.record(finished);
  }

  /** How the call is told; null when its request is none after all. */
  #finished(text: string, ending: Ending): FinishedCall | null {
    const origin = this.#origin;
    const parsed = parseObject(text);
    const request = parsed && this.#format.readRequest(parsed, this.#url);
    if (parsed === null || request === null) return null;
    const body = this.#body;
    const answer = body?.recorder.facts() ?? null;
    const firstContentTick = body?.firstContentTick() ?? null;
    const errorType = finalError(ending, body?.recorder ?? null, answer);
    const failure = errorType === null ? null : this.#failure(errorType);
    return {
      ...{ request, body: parsed, answer, url: this.#url, provider: this.#format.provider },
      ...{ httpStatus: this.#httpStatus, attempt: this.#attempt },
      ...{ startedAt: origin.startedAt, context: origin.context, parent: origin.parent, passedOn: this.#passedOn },
      stream: body?.timing() ?? null,
      firstContentMs: firstContentTick === null ? null : firstContentTick - origin.startTick,
      durationMs: ending.endTick - origin.startTick,
      ...{ errorType, failure, retries: this.#retriesAfter(failure) },
    };
  }

  #failure(errorType: string): Failure {
    return readFailure(this.#httpStatus, this.#refusal?.text() ?? "", [this.#errorCode, errorType]);
  }

  /** With the last attempt. */
  #retriesAfter(failure: Failure | null): RetriesSoFar | null {
    const isThrottled = failure !== null && isThrottling(failure.kind);
    return this.#retries && afterLast(this.#retries, isThrottled);
  }

  // Waiting for the provider when it ended: that is a timeout. Otherwise the app lost interest when it last read.
  static readonly #abandon = (call: FollowedCall): void => {
    const waiting = call.#body?.isWaiting() === true;
    const endTick = waiting ? call.#now() : call.lastActivity();
    call.#end({ endTick, errorType: waiting ? "timeout" : "aborted", unlessComplete: true });
  };

  static readonly #publish = (call: FollowedCall): void => {
    const { text, read } = call.#request;
    if (text !== null) call.#tell(text);
    // Answered before its request was read to the end: the clone takes a little longer.
    else void read?.then(() => call.#collaborators.failOpen.guard(() => call.#tell(call.#request.text ?? "")));
  };
}
