import { eventShareIncrements } from "../stats/event-share.ts";
import type { GridVector } from "../stats/grid.ts";
import type { Sign } from "../stats/one-sample.ts";
import type { Slice } from "./arm-tracker.ts";

/** Log-increments of the event-share test for the events of one slice, at the slice's own canary share. */
export const sliceShareIncrements = (
  { pair, share }: Slice,
  rho: number,
  sign: Sign,
  lifts?: ArrayLike<number>,
): GridVector =>
  eventShareIncrements({ canary: pair.canary.sum, baseline: pair.baseline.sum }, share, rho, sign, lifts);
