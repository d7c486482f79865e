import type { OutcomeRefusal, PairRefusal, SpanRefusal } from "../core/collector-stats.ts";
import type { Log } from "../core/log.ts";

/** Why a single span, outcome or pair was refused. */
export type RowRefusal = SpanRefusal | OutcomeRefusal | PairRefusal;

/** Tells in the log whose spans and outcomes are refused, and why: senders hardly ever look at what they are answered. */
export interface RefusalLog {
  /** `service` is the sender's name for itself. */
  readonly tell: (service: string, reason: RowRefusal) => void;
}

/** Each sender is told about once in that time for each reason … */
const PERIOD_MS = 600_000;

/** … and no more than so many lines are written in it: names can be made up. */
const MAX_LINES = 20;

const inUnit = (unit: string): string =>
  `its times are ${unit} where OTLP has nanoseconds (startTimeUnixNano, endTimeUnixNano, timeUnixNano); multiply them`;

const REASONS: Readonly<Record<RowRefusal, string>> = {
  "invalid-id": "a trace id is 32 hex digits and a span id 16, not all zero",
  "invalid-time":
    "a call has a start and an end, ends after it began, and not in the future; check that machine's clock",
  "too-old": "calls and outcomes are kept for 90 days, and these are older; check that machine's clock",
  "seconds-as-nanoseconds": inUnit("seconds"),
  "milliseconds-as-nanoseconds": inUnit("milliseconds"),
  "microseconds-as-nanoseconds": inUnit("microseconds"),
  "unlinked-outcome": "an outcome names its call by trace and span id, or by gen_ai.response.id",
  "empty-outcome": "an outcome has a name, and a score, a label or an error.type",
  "invalid-pair": "a pair has an id of 32 hex digits, a migration, a kind and an outcome of this version",
};

/** Creates it. `now` is epoch ms. */
export const createRefusalLog = (log: Log, now: () => number): RefusalLog => {
  const told = new Set<string>();
  let since = now();
  return {
    tell(service, reason) {
      const key = `${reason} ${service}`;
      if (Math.abs(now() - since) >= PERIOD_MS) {
        told.clear();
        since = now();
      }
      if (told.has(key) || told.size >= MAX_LINES) return;
      told.add(key);
      log.warn(`collector: what this service sends is refused: ${REASONS[reason]}`, { service, reason });
    },
  };
};
