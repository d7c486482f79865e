import { binomialInterval } from "../stats/binomial-interval.ts";

/** A share with its exact 95% interval; null where there is nothing to take it of. */
export interface Share {
  readonly of: number;
  readonly share: number | null;
  readonly lower: number;
  readonly upper: number;
}

/** `events` of `of` examples: each counts once, however often it was run. */
export const shareOf = (events: number, of: number): Share => ({
  of,
  share: of === 0 ? null : events / of,
  ...binomialInterval(events, of),
});
