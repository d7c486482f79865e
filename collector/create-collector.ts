import { LeewayError, messageOf } from "../core/errors.ts";
import { acceptSpans } from "./accept-spans.ts";
import type { CollectorCollaborators } from "./collaborators.ts";
import type { CollectorSettings } from "./collector-settings.ts";
import { type CollectorCounters, type CollectorStats, createCounters } from "./collector-stats.ts";
import { createDuplicateFilter, type DuplicateFilter } from "./duplicate-filter.ts";
import { createExporterRegister, type ExporterRegister } from "./exporter-counters.ts";
import { accepting, answerRequest, type RequestPolicy } from "./http/answer-request.ts";
import { listen } from "./http/listen.ts";
import { type Reply, refusal, success } from "./http/reply.ts";
import { countLogRecords, countMetrics } from "./otlp/count-records.ts";
import { readSpans } from "./otlp/read-spans.ts";
import { createSpool } from "./spool/create-spool.ts";
import { openDirectory } from "./spool/directory-files.ts";
import { lockDirectory } from "./spool/directory-lock.ts";
import type { Spool } from "./spool/spool.ts";

/** An OTLP/HTTP receiver that listens. */
export interface Collector {
  /** Where it can be reached from this machine, e.g. `http://127.0.0.1:4318`. */
  readonly url: string;
  readonly stats: () => CollectorStats;
  /** Resolves when everything acknowledged so far is in the store; rejects with the store's error at the first failed try. */
  readonly flush: () => Promise<void>;
  /** Takes no new request, stores what it can within a few seconds and leaves the rest on disk for the next start. */
  readonly close: () => Promise<void>;
}

/** Senders resend within their own timeout and queue; 15 minutes and half a million calls cover both. */
const DUPLICATES = { maxKeys: 500_000, windowMs: 900_000 };
const SEGMENT_BYTES = 8 * 1024 ** 2;
const RETRY_MS = { first: 200, longest: 10_000 };
const WARM_RETRY_MS = 5_000;
const MAX_INSTANCES = 10_000;
const CLOSE_GRACE_MS = 3_000;
const LOOPBACK = new Set(["127.0.0.1", "::1", "localhost"]);

interface Parts {
  readonly spool: Spool;
  readonly duplicates: DuplicateFilter;
  readonly exporters: ExporterRegister;
  readonly counters: CollectorCounters;
}

/** Teaches the filter what the store has; true when the store answered. */
const warm = async (
  duplicates: DuplicateFilter,
  { recentSpanKeys, now, log }: CollectorCollaborators,
): Promise<boolean> => {
  try {
    duplicates.remember((await recentSpanKeys(now() - DUPLICATES.windowMs, DUPLICATES.maxKeys / 2)).toReversed());
    return true;
  } catch (error) {
    log.warn(`collector: recent calls are not known yet, resent ones may be stored twice: ${messageOf(error)}`);
    return false;
  }
};

/** Warms the filter, in the background when the store does not answer at once. Returns what ends the background work. */
const keepWarming = async (duplicates: DuplicateFilter, collaborators: CollectorCollaborators): Promise<() => void> => {
  if (await warm(duplicates, collaborators)) return () => undefined;
  const timer = setInterval(async () => {
    if (await warm(duplicates, collaborators)) clearInterval(timer);
  }, WARM_RETRY_MS);
  return () => clearInterval(timer);
};

const unusable = (dir: string, error: unknown): LeewayError =>
  new LeewayError(
    "config-invalid",
    `collector.spool.dir: ${dir} cannot be used: ${messageOf(error)}; expected a directory this user may write`,
    { cause: error },
  );

/** Takes the directory for this process; the result gives it free. */
const lockSpool = async (dir: string): Promise<() => Promise<void>> => {
  const lock = await lockDirectory(dir).catch((error: unknown) => {
    throw unusable(dir, error);
  });
  if (lock.outcome === "locked") return lock.release;
  throw new LeewayError(
    "store-locked",
    `collector.spool.dir: ${dir} is in use by process ${lock.pid}; stop that agent or set another directory`,
  );
};

const openSpool = async (settings: CollectorSettings, collaborators: CollectorCollaborators): Promise<Spool> => {
  const { dir, maxBytes } = settings.spool;
  const release = await lockSpool(dir);
  try {
    const spool = await createSpool(
      {
        ...settings.batch,
        maxBytes,
        maxSegmentBytes: SEGMENT_BYTES,
        maxLeftoverKeys: DUPLICATES.maxKeys / 2,
        retryMs: RETRY_MS,
      },
      { ...collaborators, files: await openDirectory(dir) },
    );
    return { ...spool, close: (graceMs) => spool.close(graceMs).finally(release) };
  } catch (error) {
    await release();
    throw unusable(dir, error);
  }
};

const policyOf = (
  settings: CollectorSettings,
  collaborators: CollectorCollaborators,
  parts: Promise<Parts>,
  counters: CollectorCounters,
): RequestPolicy => {
  const countRefusal: RequestPolicy["countRefusal"] = (why) => {
    counters.refused[why] += 1;
  };
  return {
    token: settings.token,
    maxBodyBytes: settings.maxBodyBytes,
    countRefusal,
    signals: {
      "/v1/traces": accepting("ExportTraceServiceRequest", readSpans, countRefusal, async (spans, encoding) =>
        acceptSpans(spans, encoding, { ...collaborators, ...(await parts) }),
      ),
      "/v1/logs": accepting("ExportLogsServiceRequest", countLogRecords, countRefusal, async (count, encoding) => {
        counters.logRecords += count;
        return success(encoding, null);
      }),
      "/v1/metrics": accepting("ExportMetricsServiceRequest", countMetrics, countRefusal, async (count, encoding) => {
        counters.metrics += count;
        return success(encoding, null);
      }),
    },
  };
};

const checkListen = ({ listen: { host, port }, token }: CollectorSettings): void => {
  if (token !== null || LOOPBACK.has(host)) return;
  throw new LeewayError(
    "config-invalid",
    `collector.listen: ${host}:${port} is reachable from other machines; set collector.token, or listen on 127.0.0.1`,
  );
};

/**
 * Starts the collector; it listens when the promise resolves. The port is taken before the spool is touched, so that
 * a second agent by mistake cannot disturb the first one's segments. Rejects with LeewayError `listen-failed`,
 * `store-locked` or `config-invalid`.
 */
export const createCollector = async (
  settings: CollectorSettings,
  collaborators: CollectorCollaborators,
): Promise<Collector> => {
  checkListen(settings);
  const counters = createCounters();
  const exporters = createExporterRegister(MAX_INSTANCES);
  const duplicates = createDuplicateFilter(DUPLICATES, collaborators.now);
  const ready = Promise.withResolvers<Parts>();
  // nobody may be waiting for it when it fails
  ready.promise.catch(() => undefined);
  const policy = policyOf(settings, collaborators, ready.promise, counters);
  const failed = (error: unknown): Reply => {
    policy.countRefusal("internal");
    collaborators.log.error(`collector: a request failed: ${messageOf(error)}`);
    return refusal("internal", "internal error; see the agent's log", null);
  };
  const listener = await listen(settings.listen, (request) => answerRequest(request, policy), failed);

  let spool: Spool;
  try {
    spool = await openSpool(settings, collaborators);
  } catch (error) {
    ready.reject(error);
    await listener.close(0);
    throw error;
  }
  duplicates.remember(spool.leftoverKeys.toReversed());
  const stopWarming = await keepWarming(duplicates, collaborators);
  ready.resolve({ spool, duplicates, exporters, counters });

  return {
    url: listener.url,
    stats: () => ({ ...counters, refused: { ...counters.refused }, spool: spool.stats(), exporters: exporters.list() }),
    flush: () => spool.flush(),
    async close() {
      stopWarming();
      await listener.close(CLOSE_GRACE_MS);
      await spool.close(CLOSE_GRACE_MS);
    },
  };
};
