import type { ExportCounts } from "./span-queue.ts";

/** Collaborators of the loss report. */
export interface LossReportCollaborators {
  /** Monotonic, ms. */
  readonly tick: () => number;
  /** Sends the counts to the collector. */
  readonly report: (counts: ExportCounts) => void;
  /** Prints one line for people. */
  readonly warn: (line: string) => void;
}

/** Makes losses known. */
export interface LossReport {
  /** To be told after every try to send; `failure` says why the collector did not take it. */
  readonly onAttempt: (counts: ExportCounts, failure: string | null) => void;
  /** To be told before the last flush: reports what has not been reported yet. */
  readonly onExit: (counts: ExportCounts) => void;
}

/** Neither the span nor the line comes more often than this. */
const EVERY_MS = 60_000;

const lineFor = (endpoint: string, { made, dropped }: ExportCounts, failure: string | null): string =>
  failure === null
    ? `leeway: ${dropped} of ${made} spans were lost; the collector at ${endpoint} takes spans again`
    : `leeway: the collector at ${endpoint} does not take spans (${failure}); they are kept and sent later, ` +
      `${dropped} of ${made} were lost so far`;

/**
 * Reports dropped spans to the collector once it takes spans again, and to people on stderr; an outage is told to
 * people at its beginning, before anything is lost. Both at most once a minute.
 */
export const createLossReport = (endpoint: string, { tick, report, warn }: LossReportCollaborators): LossReport => {
  let reportedLoss = 0;
  let warnedLoss = 0;
  let nextReport = Number.NEGATIVE_INFINITY;
  let nextLine = Number.NEGATIVE_INFINITY;
  let down = false;
  const reportLoss = (counts: ExportCounts): void => {
    if (counts.dropped === reportedLoss) return;
    nextReport = tick() + EVERY_MS;
    reportedLoss = counts.dropped;
    report(counts);
  };
  const onAttempt: LossReport["onAttempt"] = (counts, failure) => {
    const wentDown = failure !== null && !down;
    down = failure !== null;
    if ((wentDown || counts.dropped > warnedLoss) && tick() >= nextLine) {
      nextLine = tick() + EVERY_MS;
      warnedLoss = counts.dropped;
      warn(lineFor(endpoint, counts, failure));
    }
    if (failure === null && tick() >= nextReport) reportLoss(counts);
  };
  return { onAttempt, onExit: reportLoss };
};
