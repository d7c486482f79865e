/** Why a span was given up. */
export type DropReason =
  /** more waited than the queue holds, and the spool took none */
  | "queue"
  /** the collector refused the span itself (400, 413) */
  | "refused"
  /** the collector took the batch and said that it did not keep the span (`partialSuccess`) */
  | "rejected"
  /** it still waited when the process ended, and the spool took none */
  | "exit"
  /** it lay in the spool, which was full or kept it for too long, or the collector refused it from there */
  | "spool";

/**
 * Cumulative counts of one process. Of its own spans: made = sent + spooled + dropped (without `spool`) + waiting.
 * Of the spool, whichever processes wrote it: spooled = replayed + dropped.spool + still on disk.
 */
export interface ExportCounts {
  readonly made: number;
  /** Acknowledged by the collector. */
  readonly sent: number;
  /** Written to the disk spool. */
  readonly spooled: number;
  /** Sent from the disk spool and acknowledged; they may have been made by an earlier process. */
  readonly replayed: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
}

/** Counts at zero. */
export const NO_COUNTS: ExportCounts = {
  made: 0,
  sent: 0,
  spooled: 0,
  replayed: 0,
  dropped: { queue: 0, refused: 0, rejected: 0, exit: 0, spool: 0 },
};

/** Spans given up, for whatever reason. */
export const totalDropped = ({ dropped }: ExportCounts): number =>
  Object.values(dropped).reduce((sum, count) => sum + count, 0);
