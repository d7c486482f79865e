import { randomBytes, randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { createBedrockHook } from "./bedrock/bedrock-hook.ts";
import { onModuleLoad } from "./bedrock/on-module-load.ts";
import { contentOfCall } from "./content/content-of-call.ts";
import { currentRedaction } from "./content/redaction.ts";
import { createDeferred } from "./deferred.ts";
import { createExporter, type Exporter, type ExporterSettings } from "./export/create-exporter.ts";
import { createDiskSpool, type DiskSpool } from "./export/disk-spool.ts";
import { flushOnExit } from "./export/exit-flush.ts";
import { isProcessAlive } from "./export/is-process-alive.ts";
import { createLogSender, createOtlpSender } from "./export/otlp-sender.ts";
import { createResource, type Resource } from "./export/resource.ts";
import { directoryForEndpoint } from "./export/spool-directory.ts";
import { createCallObserver } from "./fetch/call-observer.ts";
import { spanAttributes } from "./fetch/call-span.ts";
import { hookFetch, isHooked } from "./fetch/fetch-hook.ts";
import type { FinishedCall } from "./fetch/finished-call.ts";
import { createOpenCalls } from "./fetch/open-calls.ts";
import { createRetryFold } from "./fetch/retry-fold.ts";
import { followHttp } from "./http-client/follow-http.ts";
import type { PreloadSettings } from "./preload-settings.ts";
import { printLine } from "./print-line.ts";
import { openScopePerRequest } from "./request-scope.ts";
import { shareHook } from "./shared-hook.ts";
import { shield, tellOwnError } from "./shield.ts";
import { type Events, startEvents } from "./start-events.ts";
import { startShadow } from "./start-shadow.ts";
import { followUndici } from "./undici/follow-undici.ts";
import { createTellUnseen, watchHttp2 } from "./unseen-clients.ts";

const QUEUE = { batchSize: 512, delayMs: 1000, minBackoffMs: 1000, maxBackoffMs: 30_000 };

/** Spans leave a second later anyway; a turn of the app's loop is held up by no more than a slice. */
const DEFERRED = { delayMs: 50, sliceMs: 2, maxChars: 1024 * 1024 };

/** A collector that stays silent for this long is treated as down. */
const SEND_TIMEOUT_MS = 10_000;

/** Longest value of a span attribute. */
const MAX_ATTRIBUTE_CHARS = 1024;

/** The end of the app is delayed by at most this much. */
const EXIT_FLUSH_MS = 2000;

/** An answer of which nothing was read for this long has been abandoned. */
const ABANDONED_AFTER_MS = 10 * 60_000;
const SWEEP_MS = 30_000;

const tick = (): number => performance.now();

/** Timers of ours never keep the app's process alive. */
const later = (fn: () => void, ms: number): (() => void) => {
  const timer = setTimeout(shield(fn, undefined), ms).unref();
  return () => clearTimeout(timer);
};

const soon = (fn: () => void): void => void setImmediate(shield(fn, undefined));

const processResource = () => {
  const facts = { env: process.env, mainFile: process.argv[1], instanceId: randomUUID() };
  return createResource({ ...facts, hostName: hostname(), pid: process.pid });
};

/** Spans are in the directory of their collector, outcomes and pairs in folders below it, with a share of the bytes. */
const OUTCOMES = { folder: "outcomes", share: 1 / 16 };
const PAIRS = { folder: "pairs", share: 1 / 16 };

const createSpool = (settings: PreloadSettings, { folder, share } = { folder: "", share: 1 }): DiskSpool | null =>
  settings.spool === null
    ? null
    : createDiskSpool(
        {
          base: settings.spool.base,
          maxBytes: Math.floor(settings.spool.maxBytes * share),
          dir: join(directoryForEndpoint(settings.spool.base, settings.endpoint), folder),
          pid: process.pid,
          startedMs: Date.now() - process.uptime() * 1000,
          instance: randomBytes(4).toString("hex"),
        },
        { now: Date.now, isAlive: isProcessAlive },
      );

/** What goes onto a call's span, and how long it may be. */
const spanShape = ({ content }: PreloadSettings): Pick<ExporterSettings, "attributesOf" | "maxAttributeChars"> =>
  content === null
    ? { attributesOf: spanAttributes, maxAttributeChars: MAX_ATTRIBUTE_CHARS }
    : {
        attributesOf: (call) => ({
          ...spanAttributes(call),
          ...contentOfCall(call, content, currentRedaction()),
        }),
        maxAttributeChars: Math.max(MAX_ATTRIBUTE_CHARS, content.maxBytes),
      };

/** What both kinds of exporter are given. */
const exporterParts = (resource: Resource, onInternalError: (error: unknown) => void) => ({
  ...{ resource, tick, later, onInternalError, warn: printLine, now: Date.now, random: Math.random },
});

const createProcessExporter = (settings: PreloadSettings, parts: ReturnType<typeof exporterParts>): Exporter =>
  createExporter(
    {
      ...{ ...QUEUE, ...settings, ...spanShape(settings) },
      // Spans with content are up to a hundred times larger.
      batchSize: settings.content === null ? QUEUE.batchSize : QUEUE.batchSize / 8,
    },
    {
      ...parts,
      sender: createOtlpSender({ ...settings, timeoutMs: SEND_TIMEOUT_MS }, parts),
      spool: createSpool(settings),
    },
  );

const startProcessEvents = (settings: PreloadSettings, parts: ReturnType<typeof exporterParts>): Events =>
  startEvents(
    { ...QUEUE, ...settings },
    {
      ...parts,
      send: createLogSender({ ...settings, timeoutMs: SEND_TIMEOUT_MS }, parts),
      spool: createSpool(settings, OUTCOMES),
      pairSpool: createSpool(settings, PAIRS),
    },
  );

/**
 * Wires everything for this process: wraps `globalThis.fetch`, opens a scope per served request, and exports spans
 * until the process ends. The caller makes sure that it happens once.
 */
export const startInstrumentation = (settings: PreloadSettings): void => {
  if (isHooked(globalThis.fetch)) return;
  const onInternalError = tellOwnError;
  const resource = processResource();
  const parts = exporterParts(resource, onInternalError);
  const exporter = createProcessExporter(settings, parts);
  const events = startProcessEvents(settings, parts);
  const open = createOpenCalls();
  const retries = createRetryFold(later);
  const { defer, runNow } = createDeferred(DEFERRED, { later, soon, tick });
  const shadow =
    settings.shadow === null
      ? null
      : startShadow(
          { ...settings, access: settings.shadow, env: process.env, resource },
          { observer: () => observer, tell: events.pair, tick, later, onInternalError },
        );
  const record = (call: FinishedCall): void => {
    exporter.record(call);
    shadow?.heard(call);
  };
  const observer = createCallObserver({
    clock: { now: Date.now, tick },
    open,
    retries,
    defer,
    record,
    carry: (headers) => shadow?.carry(headers) ?? null,
    onInternalError,
  });
  const undici = { nested: false };
  globalThis.fetch = hookFetch(globalThis.fetch, observer, undici);
  const wrapFetch = (fetch: typeof globalThis.fetch) =>
    isHooked(fetch) ? fetch : hookFetch(fetch, observer, { nested: true });
  const bedrock = createBedrockHook(observer);
  onModuleLoad("client-bedrock-runtime", bedrock.patch);
  if (!settings.fetchOnly) {
    const tellUnseen = createTellUnseen();
    followHttp(observer);
    watchHttp2(observer, tellUnseen);
    // Not before the app has a copy of its own: Node's fetch, which is one, would have to say more for each call.
    onModuleLoad("undici", () => {
      if (undici.nested) return;
      undici.nested = true;
      followUndici(observer, tellUnseen);
    });
  }
  shareHook({ wrapFetch, observer, bedrock });
  openScopePerRequest();
  const sweep = shield(() => open.abandonIdle(tick() - ABANDONED_AFTER_MS), undefined);
  setInterval(sweep, SWEEP_MS).unref();
  const flush = async (): Promise<void> => {
    open.abandonIdle(Number.POSITIVE_INFINITY);
    retries.release();
    runNow();
    // A call whose request was not read to its end becomes a span a turn later.
    await new Promise((resolve) => setImmediate(resolve));
    shadow?.end();
    await Promise.all([exporter.flush(), events.flush()]);
  };
  const endCalls = shield(() => {
    open.abandonIdle(Number.POSITIVE_INFINITY);
    retries.release();
    runNow();
  }, undefined);
  const endShadow = shield(() => shadow?.end(), undefined);
  const endings = [endCalls, endShadow, shield(exporter.end, undefined), shield(events.end, undefined)];
  const end = (): void => {
    for (const ending of endings) ending();
  };
  flushOnExit(process, { flush, end }, EXIT_FLUSH_MS);
};
