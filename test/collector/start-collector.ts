import { onTestFinished } from "vitest";
import {
  ALL_STORED,
  type CollectorCollaborators,
  type RowBatch,
  type UnassignedCall,
} from "../../collector/collaborators.ts";
import { type CollectorSettings, DEFAULT_COLLECTOR_SETTINGS } from "../../collector/collector-settings.ts";
import { type Collector, createCollector } from "../../collector/create-collector.ts";
import { CONTENT_COLUMNS } from "../../core/content-row.ts";
import { OUTCOME_COLUMNS } from "../../core/outcome-row.ts";
import { PAIR_COLUMNS } from "../../core/pair-row.ts";
import { START_MS } from "./otlp-request.ts";
import { createRecordingLog } from "./recording-log.ts";
import { rowsOf, type StoredRow } from "./rows-of.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { unstored } from "./unstored.ts";

/** A running collector and what it stored. */
export interface TestCollector {
  readonly collector: Collector;
  readonly batches: RowBatch[];
  readonly calls: UnassignedCall[];
  readonly rows: () => StoredRow[];
  readonly outcomes: () => StoredRow[];
  readonly pairs: () => StoredRow[];
  readonly content: () => StoredRow[];
  readonly log: ReturnType<typeof createRecordingLog>;
  readonly post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<Response>;
}

/** Starts a collector on a free port with a fake store; it is closed when the test ends. */
export const startCollector = async (
  settings: Partial<CollectorSettings> = {},
  collaborators: Partial<CollectorCollaborators> = {},
): Promise<TestCollector> => {
  const batches: RowBatch[] = [];
  const outcomeBatches: RowBatch[] = [];
  const pairBatches: RowBatch[] = [];
  const contentBatches: RowBatch[] = [];
  const calls: UnassignedCall[] = [];
  const log = createRecordingLog();
  const collector = await createCollector(
    {
      ...DEFAULT_COLLECTOR_SETTINGS,
      listen: { host: "127.0.0.1", port: 0 },
      spool: { dir: settings.spool?.dir ?? (await temporaryDirectory()), maxBytes: 64 * 1024 ** 2 },
      batch: { maxRows: 1000, maxDelayMs: 10 },
      ...settings,
    },
    {
      ...unstored(log),
      insert: async (batch) => {
        batches.push(batch);
        return ALL_STORED;
      },
      assign: (call) => {
        calls.push(call);
        return { migration: "m", cohort: call.explicitCohort };
      },
      price: ({ input_tokens }) => (input_tokens === null ? null : input_tokens / 1000),
      insertOutcomes: async (batch) => {
        outcomeBatches.push(batch);
        return ALL_STORED;
      },
      insertPairs: async (batch) => {
        pairBatches.push(batch);
        return ALL_STORED;
      },
      insertContent: async (batch) => {
        contentBatches.push(batch);
        return ALL_STORED;
      },
      now: () => START_MS + 2000,
      random: () => 0,
      ...collaborators,
    },
  );
  onTestFinished(() => collector.close());
  return {
    collector,
    batches,
    calls,
    log,
    rows: () => batches.flatMap((batch) => rowsOf(batch)),
    outcomes: () => outcomeBatches.flatMap((batch) => rowsOf(batch, OUTCOME_COLUMNS)),
    pairs: () => pairBatches.flatMap((batch) => rowsOf(batch, PAIR_COLUMNS)),
    content: () => contentBatches.flatMap((batch) => rowsOf(batch, CONTENT_COLUMNS)),
    post: (path, body, headers = {}) => {
      const binary = body instanceof Uint8Array;
      return fetch(`${collector.url}${path}`, {
        method: "POST",
        headers: { "content-type": binary ? "application/x-protobuf" : "application/json", ...headers },
        body: binary ? Buffer.from(body) : typeof body === "string" ? body : JSON.stringify(body),
      });
    },
  };
};
