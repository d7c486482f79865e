import type { Ending, Telemetry, Work } from "../../../agent/telemetry/telemetry.ts";
import { messageOf } from "../../../core/errors.ts";

/** Work that has ended, and how. */
export interface Told {
  readonly work: Work;
  readonly ending: Ending;
}

/** Telemetry that keeps what it is told. */
export const recordingTelemetry = (): {
  readonly telemetry: Telemetry;
  readonly told: Told[];
  stored: () => number;
} => {
  const told: Told[] = [];
  let stored = 0;
  const within: Telemetry["within"] = async (work, run, endingOf) => {
    try {
      const result = await run();
      told.push({ work, ending: endingOf(result) });
      return result;
    } catch (error) {
      told.push({ work, ending: { outcome: "failed", problem: messageOf(error) } });
      throw error;
    }
  };
  return {
    telemetry: {
      within,
      stored: (spans) => {
        stored += spans;
      },
    },
    told,
    stored: () => stored,
  };
};
