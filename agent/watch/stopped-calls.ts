import { utcStamp } from "../../core/utc-text.ts";
import type { Freshness } from "../../store/store.ts";

const HOUR_MS = 3_600_000;

/** Calls that would have come in by now, going by the hour before, from which on none at all is no quiet time any more. */
const MIN_EXPECTED = 20;

/** The shortest silence that is told. */
const MIN_SILENCE_MS = 900_000;

/** Calls that ended a while ago are no sign that they stopped. */
const FRESH_MS = 300_000;

/** Tells when the calls of a migration stop, both arms at once: nothing then compares one arm with the other. */
export interface StoppedCalls {
  /** What is wrong at `now` (epoch ms), empty for nothing; null where that cannot be told. */
  readonly look: (seen: Pick<Freshness, "newestEnd" | "calls">, now: number) => string | null;
}

/**
 * Goes by how many calls the hour before the silence had: a service that has one call an hour is not silent for having none for
 * half of it. An agent that was started when they had stopped for an hour does not know, and says nothing.
 */
export const createStoppedCalls = (): StoppedCalls => {
  let [usual, last]: [number, number | null] = [0, null];
  return {
    look: ({ newestEnd, calls }, now) => {
      last = newestEnd ?? last;
      const total = calls.canary + calls.baseline;
      const silentMs = last === null ? 0 : now - last;
      if (last === null) return null;
      usual = silentMs < FRESH_MS ? total : Math.max(usual, total);
      if (silentMs < FRESH_MS) return "";
      const expected = (usual * silentMs) / HOUR_MS;
      if (silentMs < MIN_SILENCE_MS || expected < MIN_EXPECTED) return null;
      return `no call of either arm since ${utcStamp(last)}, where about ${Math.round(expected)} were to be expected`;
    },
  };
};
