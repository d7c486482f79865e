import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { performance } from "node:perf_hooks";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { flushOnExit } from "./export/exit-flush.ts";
import { createLossReport } from "./export/loss-report.ts";
import { createOtlpSender } from "./export/otlp-sender.ts";
import { createResource } from "./export/resource.ts";
import { createSpanQueue, type SpanQueue } from "./export/span-queue.ts";
import { createSpanRecorder, type SpanRecorder } from "./export/span-recorder.ts";
import { hookFetch, isHooked } from "./fetch/fetch-hook.ts";
import { createOpenCalls } from "./fetch/open-calls.ts";
import { ownErrorLine } from "./own-error-line.ts";
import type { PreloadSettings } from "./preload-settings.ts";
import { openScopePerRequest } from "./request-scope.ts";

const QUEUE = { batchSize: 512, delayMs: 1000, minBackoffMs: 1000, maxBackoffMs: 30_000 };

/** A collector that stays silent for this long is treated as down. */
const SEND_TIMEOUT_MS = 10_000;

/** The end of the app is delayed by at most this much. */
const EXIT_FLUSH_MS = 2000;

/** An answer of which nothing was read for this long has been abandoned. */
const ABANDONED_AFTER_MS = 10 * 60_000;
const SWEEP_MS = 30_000;

const print = (line: string): void => void process.stderr.write(`${line}\n`);
const tick = (): number => performance.now();

/** Timers of ours never keep the app's process alive. */
const later = (fn: () => void, ms: number): (() => void) => {
  const timer = setTimeout(fn, ms).unref();
  return () => clearTimeout(timer);
};

const processResource = () => {
  const facts = { env: process.env, mainFile: process.argv[1], instanceId: randomUUID() };
  return createResource({ ...facts, hostName: hostname(), pid: process.pid });
};

const createExport = (settings: PreloadSettings, onInternalError: (error: unknown) => void) => {
  const recorder: SpanRecorder = createSpanRecorder(processResource(), (span) => queue.add(span));
  const losses = createLossReport(settings.endpoint, {
    tick,
    report: (counts) => recorder.report(counts, Date.now()),
    warn: print,
  });
  const send = createOtlpSender({ ...settings, timeoutMs: SEND_TIMEOUT_MS }, process.env);
  const queue: SpanQueue<ReadableSpan> = createSpanQueue(
    { ...QUEUE, maxQueue: settings.maxQueue },
    { send, tick, later, random: Math.random, onAttempt: losses.onAttempt, onInternalError },
  );
  return { recorder, losses, queue };
};

/**
 * Wires everything for this process: wraps `globalThis.fetch`, opens a scope per served request, and exports spans
 * until the process ends. The caller makes sure that it happens once.
 */
export const startInstrumentation = (settings: PreloadSettings): void => {
  if (isHooked(globalThis.fetch)) return;
  const onInternalError = (error: unknown): void => print(ownErrorLine(error));
  const { recorder, losses, queue } = createExport(settings, onInternalError);
  const open = createOpenCalls();
  globalThis.fetch = hookFetch(globalThis.fetch, {
    clock: { now: Date.now, tick },
    open,
    defer: (work) => void setImmediate(work),
    record: recorder.record,
    onInternalError,
  });
  openScopePerRequest();
  setInterval(() => open.abandonIdle(tick() - ABANDONED_AFTER_MS), SWEEP_MS).unref();
  const flush = async (): Promise<void> => {
    open.abandonIdle(Number.POSITIVE_INFINITY);
    // Finished calls become spans a turn later.
    await new Promise((resolve) => setImmediate(resolve));
    losses.onExit(queue.counts());
    await queue.flush();
  };
  flushOnExit(process, flush, EXIT_FLUSH_MS);
};
