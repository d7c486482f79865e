import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OtlpReceiver, startOtlpReceiver } from "./otlp-receiver.ts";
import { runApp } from "./run-app.ts";

/** How the collector behaves while the app runs. */
export type Collector = "fast" | "slow" | "silent" | "refused" | "partial" | "down" | 400 | 500 | 503;

/** One row of the table of losses. */
export interface LossRow {
  readonly name: string;
  readonly calls: number;
  /** Spans the app keeps in memory. */
  readonly queue: number;
  /** Calls a second; 0 = all at once. */
  readonly rate: number;
  readonly end: "naturally" | "exit" | "throw" | "SIGTERM";
  readonly collector: Collector;
  /** With `slow`, how long an answer takes; with `down`, how long the collector is away from the start on. */
  readonly ms: number;
}

/** What became of the spans of a row. */
export interface LossOutcome {
  readonly made: number;
  /** Distinct calls that arrived while the app ran, and after its next start. */
  readonly received: number;
  readonly receivedNextStart: number;
  /** Dropped, as the processes reported to the collector themselves, by reason. */
  readonly reported: Readonly<Record<string, number>>;
  /** From the app's last line of code to the end of its process. */
  readonly endMs: number;
  readonly exit: number | NodeJS.Signals | null;
  /** What was printed, one entry per line of ours. */
  readonly lines: readonly string[];
}

const DROPPED = "leeway.export.dropped.";

const row = (name: string, more: Partial<LossRow>): LossRow => ({
  ...{ name, calls: 100, queue: 20_000, rate: 0, end: "naturally", collector: "fast", ms: 0 },
  ...more,
});

/** The situations in which spans are lost with the stock exporter. `scale` shortens those that last for seconds. */
export const lossRows = (scale: number): readonly LossRow[] => [
  row("the app ends by itself", {}),
  row("`process.exit()`", { end: "exit" }),
  row("SIGTERM, not handled by the app", { end: "SIGTERM" }),
  row("uncaught exception", { end: "throw" }),
  row("burst of 10 000, then the end", { calls: 10_000 }),
  row("burst of 10 000, then `process.exit()`", { calls: 10_000 * scale, end: "exit" }),
  row("burst of 30 000, more than the queue holds", { calls: 30_000 * scale, queue: 20_000 * scale }),
  row("2 000 a second", { calls: 10_000 * scale, rate: 2000 }),
  row("10 000 a second", { calls: 20_000 * scale, rate: 10_000 }),
  row("2 000 a second, the collector takes 3 s to answer", {
    ...{ calls: 10_000 * scale, rate: 2000 },
    ...{ collector: "slow", ms: 3000 * scale },
  }),
  row("the collector answers 503", { collector: 503 }),
  row("the collector answers 500", { collector: 500 }),
  row("the collector answers 400", { collector: 400 }),
  row("the collector keeps 100 of 500 less (`partialSuccess`)", { collector: "partial", calls: 500 }),
  row("nobody listens", { collector: "refused" }),
  row("nobody listens, then `process.exit()`", { collector: "refused", end: "exit" }),
  row("the collector never answers", { collector: "silent" }),
  row("the collector is down for 30 s, then up, 50 a second", {
    ...{ calls: Math.round(2175 * scale), rate: 50 },
    ...{ collector: "down", ms: 30_000 * scale },
  }),
];

const BEHAVE: Readonly<Record<string, OtlpReceiver["answer"]>> = {
  400: () => ({ status: 400 }),
  500: () => ({ status: 500 }),
  503: () => ({ status: 503 }),
};

/** Keeps all but 100 spans of the first request, as the collector says in its answer. */
const keepLess = (receiver: OtlpReceiver): OtlpReceiver["answer"] => {
  let first = true;
  return () => {
    if (!first) return { status: 200 };
    first = false;
    receiver.skip = 100;
    return { status: 200, body: '{"partialSuccess":{"rejectedSpans":"100"}}' };
  };
};

const behave = (receiver: OtlpReceiver, { collector, ms }: LossRow): void => {
  receiver.answer = collector === "partial" ? keepLess(receiver) : (BEHAVE[collector] ?? null);
  receiver.delayMs = collector === "slow" ? ms : collector === "silent" ? Number.POSITIVE_INFINITY : 0;
};

const distinctCalls = (receiver: OtlpReceiver): number =>
  new Set(receiver.spans.filter(({ name }) => name.startsWith("chat ")).map(({ spanId }) => spanId)).size;

/** The counts of a process only grow, so that its largest are its newest; several processes are added up. */
const reportedBy = (receiver: OtlpReceiver): Record<string, number> => {
  const newest = new Map<string, number>();
  for (const { name, attributes, resource } of receiver.spans) {
    if (name !== "leeway.export_report") continue;
    for (const [key, value] of Object.entries(attributes)) {
      if (!key.startsWith(DROPPED)) continue;
      const at = `${key.slice(DROPPED.length)} ${resource["service.instance.id"]}`;
      newest.set(at, Math.max(newest.get(at) ?? 0, Number(value)));
    }
  }
  const sums: Record<string, number> = {};
  for (const [at, value] of newest) {
    const reason = at.split(" ", 1)[0] ?? "";
    if (value > 0) sums[reason] = (sums[reason] ?? 0) + value;
  }
  return sums;
};

/** Runs a row: the app as the row says, then its next start beside a collector that is well. */
export const runLossRow = async (row: LossRow): Promise<LossOutcome> => {
  const spool = mkdtempSync(join(tmpdir(), "leeway-loss-"));
  let receiver = await startOtlpReceiver();
  const received = receiver;
  const port = Number(new URL(receiver.url).port);
  const restart = async (): Promise<void> => {
    const { spans } = receiver;
    receiver = await startOtlpReceiver(port);
    receiver.spans.push(...spans);
  };
  const flags = [
    "--require",
    join(import.meta.dirname, "apps/instant-fetch.cjs"),
    "--require",
    "leeway/instrumentation",
  ];
  const env = { LEEWAY_ENDPOINT: received.url, LEEWAY_SPOOL_DIR: spool, LEEWAY_MAX_QUEUE: String(row.queue) };
  try {
    const away = row.collector === "down" || row.collector === "refused";
    if (away) await receiver.close();
    else behave(receiver, row);
    const app = runApp(flags, "losses.cjs", {
      ...{ ...env, CALLS: String(row.calls), RATE: String(row.rate), END: row.end },
    });
    if (row.collector === "down") {
      await new Promise((resolve) => setTimeout(resolve, row.ms));
      await restart();
    }
    const exit = await app.ended;
    const endMs = Date.now() - Number(app.output());
    const receivedNow = distinctCalls(receiver);
    if (row.collector === "refused") await restart();
    receiver.answer = null;
    receiver.delayMs = 0;
    const next = runApp(flags, "drains.cjs", env);
    await next.ended;
    return {
      ...{ made: row.calls, received: receivedNow, receivedNextStart: distinctCalls(receiver) },
      ...{ reported: reportedBy(receiver), endMs, exit },
      lines: `${app.errors()}${next.errors()}`.split("\n").filter((line) => line.startsWith("leeway:")),
    };
  } finally {
    await receiver.close();
    rmSync(spool, { recursive: true, force: true });
  }
};
