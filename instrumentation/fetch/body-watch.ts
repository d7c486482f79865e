import type { FailOpen } from "../fail-open.ts";
import type { BodyObserver } from "./body-observer.ts";
import type { BodyRecorder } from "./body-recorder.ts";
import type { Clock } from "./clock.ts";
import { StreamTimer, type StreamTiming } from "./stream-timing.ts";

/** What becomes of the call whose body is watched. */
export interface BodyEnds {
  bodyEnded(): void;
  bodyFailed(error: unknown): void;
  bodyCancelled(): void;
}

/** Collaborators of a watch. */
export interface WatchCollaborators {
  readonly clock: Clock;
  readonly failOpen: FailOpen;
}

const end = (ends: BodyEnds): void => ends.bodyEnded();
const fail = (ends: BodyEnds, error: unknown): void => ends.bodyFailed(error);
const cancel = (ends: BodyEnds): void => ends.bodyCancelled();

/** A body while the app reads it: when pieces came, and what they were. Times are monotonic ms. */
export class BodyWatch implements BodyObserver {
  readonly recorder: BodyRecorder;
  readonly #clock: Clock;
  readonly #failOpen: FailOpen;
  readonly #ends: BodyEnds;
  #timer: StreamTimer | null;
  #lastTick: number;
  #waiting = false;
  #firstContentTick: number | null = null;

  /** Starts to watch a body whose headers have just come. */
  constructor(recorder: BodyRecorder, { clock, failOpen }: WatchCollaborators, ends: BodyEnds) {
    this.recorder = recorder;
    this.#clock = clock;
    this.#failOpen = failOpen;
    this.#ends = ends;
    this.#timer = recorder.streamed ? new StreamTimer() : null;
    this.#lastTick = clock.tick();
  }

  /** When the last piece came; the beginning before the first one. */
  lastTick(): number {
    return this.#lastTick;
  }

  /** True while the app waits for a piece. */
  isWaiting(): boolean {
    return this.#waiting;
  }

  /** When content was first seen in a stream; null before, and for plain bodies. */
  firstContentTick(): number | null {
    return this.#firstContentTick;
  }

  /** Null for plain bodies. */
  timing(): StreamTiming | null {
    return this.recorder.streamed ? (this.#timer?.timing() ?? null) : null;
  }

  reading(): void {
    try {
      if (this.#failOpen.isWorking()) this.#ask();
    } catch (error) {
      this.#failOpen.broken(error);
    }
  }

  chunk(piece: Uint8Array | string): void {
    try {
      if (this.#failOpen.isWorking()) this.#take(piece);
    } catch (error) {
      this.#failOpen.broken(error);
    }
  }

  end(): void {
    this.#failOpen.guard(end, this.#ends);
  }

  fail(error: unknown): void {
    this.#failOpen.guard(fail, this.#ends, error);
  }

  cancel(): void {
    this.#failOpen.guard(cancel, this.#ends);
  }

  #ask(): void {
    this.#waiting = true;
    this.#timer?.reading(this.#clock.tick());
  }

  #take(piece: Uint8Array | string): void {
    this.#waiting = false;
    const now = this.#clock.tick();
    this.#lastTick = now;
    const hasContent = this.recorder.push(piece);
    // A body that came as a text came as a whole, whatever it is.
    if (!this.recorder.streamed || typeof piece === "string") return;
    this.#timer ??= new StreamTimer();
    this.#timer.chunk(now);
    if (hasContent) this.#firstContentTick ??= now;
  }
}
