import type { GridVector } from "./grid.ts";
import { mixture, oneSampleIncrements, type Sign } from "./one-sample.ts";

/** Share of all events that the canary has when its rate is exactly `rho` times the baseline's: rho w / (rho w + 1 - w). */
export const eventShareLimit = (share: number, rho: number): number => (rho * share) / (rho * share + 1 - share);

/**
 * Log-increments of the event-share test, H0 rate_canary <= rho * rate_baseline (sign +1) or >= (sign -1), from event
 * counts alone. `share` w = canary share of the calls compared, or one known before them. Immune to rates that change with the hour.
 * Source: docs/statistics.md, event share (Lindon and Malek).
 */
export const eventShareIncrements = (
  events: { readonly canary: number; readonly baseline: number },
  share: number,
  rho: number,
  sign: Sign,
  lifts?: ArrayLike<number>,
): GridVector =>
  oneSampleIncrements(events.canary, events.canary + events.baseline, eventShareLimit(share, rho), sign, lifts);

/** Log e-value of one tick's events; see eventShareIncrements. */
export const shareLogE = (canary: number, baseline: number, share: number, rho: number, sign: Sign = 1): number =>
  mixture(eventShareIncrements({ canary, baseline }, share, rho, sign));
