import type { CollectorCounters } from "./collector-stats.ts";
import { success } from "./http/reply.ts";
import type { Intake } from "./intake.ts";
import type { ReceivedMetric } from "./otlp/signals.ts";

/** Counts the metrics of one request, of which nothing is kept: senders that are told to send everything go on. */
export const metricIntake = (counters: Pick<CollectorCounters, "metrics">): Intake<ReceivedMetric> => {
  let received = 0;
  return {
    add() {
      received += 1;
    },
    async finish(encoding) {
      counters.metrics += received;
      return success(encoding, null);
    },
  };
};
