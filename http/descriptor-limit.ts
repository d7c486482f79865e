/** How many connections the listeners of one process may hold. */
export interface ConnectionLimits {
  readonly ingest: number;
  /** Status page, commands, OFREP, health. */
  readonly agent: number;
}

/** What Windows, which has no such limit, and a system that does not say count as. */
const UNKNOWN_LIMIT = 1024;

/** Beyond these, connections cost memory and are of no use: senders keep one each. */
const MOST: ConnectionLimits = { ingest: 4096, agent: 2048 };

/** Descriptors this process may have open (`ulimit -n`, which Node raises to its hard limit when it starts). */
export const descriptorLimit = (): number => {
  const report = process.report.getReport() as { readonly userLimits?: { readonly open_files?: { soft?: unknown } } };
  const limit = report.userLimits?.open_files?.soft;
  if (limit === "unlimited") return Number.POSITIVE_INFINITY;
  return typeof limit === "number" ? limit : UNKNOWN_LIMIT;
};

/**
 * Divides the descriptors of a process, so that no listener can use up what another, a file or the store's client
 * needs: a half for those who send spans, a quarter for everybody else, a quarter for the process itself.
 */
export const shareDescriptors = (limit: number): ConnectionLimits => ({
  ingest: Math.min(MOST.ingest, Math.max(1, Math.floor(limit / 2))),
  agent: Math.min(MOST.agent, Math.max(1, Math.floor(limit / 4))),
});
