import type { BodyObserver } from "./body-observer.ts";
import type { BodyRecorder } from "./body-recorder.ts";
import type { Clock } from "./clock.ts";
import { createStreamTimer, type StreamTiming } from "./stream-timing.ts";

/** What becomes of the call whose body is watched. */
export interface BodyEnds {
  readonly end: () => void;
  readonly fail: (error: unknown) => void;
  readonly cancel: () => void;
}

/** A body while the app reads it: when pieces came, and what they were. Times are monotonic ms. */
export interface BodyWatch {
  readonly recorder: BodyRecorder;
  readonly observer: BodyObserver;
  /** When the last piece came; the beginning before the first one. */
  readonly lastTick: () => number;
  /** True while the app waits for a piece. */
  readonly isWaiting: () => boolean;
  /** When content was first seen in a stream; null before, and for plain bodies. */
  readonly firstContentTick: () => number | null;
  /** Null for plain bodies. */
  readonly timing: () => StreamTiming | null;
}

/** Starts to watch a body whose headers have just come. */
export const createBodyWatch = (
  recorder: BodyRecorder,
  { clock, guard }: { readonly clock: Clock; readonly guard: (work: () => void) => void },
  ends: BodyEnds,
): BodyWatch => {
  const timer = createStreamTimer();
  let lastTick = clock.tick();
  let waiting = false;
  let firstContentTick: number | null = null;
  let piece: Uint8Array | string = "";
  // Made once: these run for every piece of every answer.
  const markReading = (): void => {
    waiting = true;
    timer.reading(clock.tick());
  };
  const take = (): void => {
    waiting = false;
    lastTick = clock.tick();
    timer.chunk(lastTick);
    if (recorder.push(piece)) firstContentTick ??= lastTick;
  };
  const observer: BodyObserver = {
    reading: () => guard(markReading),
    chunk: (came) => {
      piece = came;
      guard(take);
    },
    end: () => guard(ends.end),
    fail: (error) => guard(() => ends.fail(error)),
    cancel: () => guard(ends.cancel),
  };
  return {
    ...{ recorder, observer },
    lastTick: () => lastTick,
    isWaiting: () => waiting,
    firstContentTick: () => firstContentTick,
    timing: () => (recorder.streamed ? timer.timing() : null),
  };
};
