import { type ExportCounts, totalDropped } from "./export-counts.ts";

/** Collaborators of the loss report. */
export interface LossReportCollaborators {
  /** Monotonic, ms. */
  readonly tick: () => number;
  /** Prints one line for people. */
  readonly warn: (line: string) => void;
  /** What is sent, in a word: `spans`. */
  readonly what: string;
}

/** Makes losses known. */
export interface LossReport {
  /** To be told after every try to send; `failure` says why the collector did not take it. */
  readonly onAttempt: (counts: ExportCounts, failure: string | null) => void;
  /** True when the collector should be told the counts now; `atEnd`: there will be no later. */
  readonly isDue: (counts: ExportCounts, atEnd: boolean) => boolean;
  /** To be told when it has been. */
  readonly onReported: (counts: ExportCounts) => void;
  /** To be told when the process ends: says what is lost for good. */
  readonly onEnd: (counts: ExportCounts) => void;
}

/** Neither the span nor the line comes more often than this. */
const EVERY_MS = 60_000;

const lineFor = (
  { endpoint, what }: { readonly endpoint: string; readonly what: string },
  counts: ExportCounts,
  failure: string | null,
): string => {
  const losses = `${totalDropped(counts)} of ${counts.made} were lost`;
  return failure === null
    ? `leeway: ${losses.replace("were", `${what} were`)}; the collector at ${endpoint} takes ${what} again`
    : `leeway: the collector at ${endpoint} does not take ${what} (${failure}); they are kept and sent later, ` +
        `${losses} so far`;
};

/** The counts that say that something did not go the straight way. */
const troubles = (counts: ExportCounts): string => [totalDropped(counts), counts.spooled, counts.replayed].join();

/**
 * Reports losses to the collector once it takes spans again, and to people on stderr; an outage is told to people at
 * its beginning, before anything is lost. Both at most once a minute; without trouble the collector is told the counts
 * once a minute while spans are made.
 */
export const createLossReport = (endpoint: string, { tick, warn, what }: LossReportCollaborators): LossReport => {
  let reported: ExportCounts | null = null;
  let reportedAt = tick();
  let warnedLoss = 0;
  let nextLine = Number.NEGATIVE_INFINITY;
  let down = false;
  const isNews = (counts: ExportCounts): boolean =>
    troubles(counts) !== (reported === null ? "0,0,0" : troubles(reported));
  const onAttempt: LossReport["onAttempt"] = (counts, failure) => {
    const wentDown = failure !== null && !down;
    down = failure !== null;
    const dropped = totalDropped(counts);
    if ((!wentDown && dropped <= warnedLoss) || tick() < nextLine) return;
    nextLine = tick() + EVERY_MS;
    warnedLoss = dropped;
    warn(lineFor({ endpoint, what }, counts, failure));
  };
  return {
    onAttempt,
    isDue: (counts, atEnd) => {
      if (isNews(counts)) return atEnd || reported === null || tick() >= reportedAt + EVERY_MS;
      return !atEnd && counts.made !== (reported?.made ?? 0) && tick() >= reportedAt + EVERY_MS;
    },
    onReported: (counts) => {
      reported = counts;
      reportedAt = tick();
    },
    onEnd: (counts) => {
      if (counts.dropped.exit === 0) return;
      warn(
        `leeway: ${counts.dropped.exit} of ${counts.made} ${what} were lost when the process ended before ` +
          `${endpoint} had taken them; a writable LEEWAY_SPOOL_DIR keeps them`,
      );
    },
  };
};
