import type { ChildProcess } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CollectorStats } from "../../../core/collector-stats.ts";
import { OUTCOME_COLUMNS } from "../../../core/outcome-row.ts";
import { seededRandom } from "../../../core/seeded-random.ts";
import { SPAN_COLUMNS } from "../../../core/span-row.ts";
import {
  chatSpan,
  jsonLogs,
  jsonRequest,
  type LogSpec,
  protobufLogs,
  protobufRequest,
  type SpanSpec,
} from "../otlp-request.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { kill, message, post, startProcess, storedCells } from "./crashing-collector.ts";

type Batches = (readonly SpanSpec[])[];

/** A score of the call. */
const scoreOf = ({ traceId = "", spanId = "" }: SpanSpec): LogSpec => ({
  traceId,
  spanId,
  attributes: { "gen_ai.evaluation.name": "quality", "gen_ai.evaluation.score.value": 0.5 },
});

/** Sends one batch of calls, and a score of each; true when all of it was acknowledged. */
const send = async (url: string, spans: readonly SpanSpec[], asJson: boolean): Promise<boolean> => {
  const scores = spans.map(scoreOf);
  const answers = await Promise.all([
    post(`${url}/v1/traces`, asJson ? jsonRequest(spans) : protobufRequest(spans)),
    post(`${url}/v1/logs`, asJson ? jsonLogs(scores) : protobufLogs(scores)),
  ]);
  return answers.every(Boolean);
};

/** Four senders that send batches until the collector is killed, `killAfter` acknowledgements later. */
const loadUntilKilled = async (
  { child, url }: { child: ChildProcess; url: string },
  nextBatch: () => readonly SpanSpec[],
  killAfter: number,
  acknowledged: Batches,
): Promise<Batches> => {
  const unanswered: Batches = [];
  let answers = 0;
  const sender = async (asJson: boolean) => {
    for (;;) {
      const batch = nextBatch();
      if (!(await send(url, batch, asJson))) return void unanswered.push(batch);
      acknowledged.push(batch);
      answers += 1;
      if (answers === killAfter) child.kill("SIGKILL");
    }
  };
  const gone = new Promise((resolve) => child.once("exit", resolve));
  await Promise.all([sender(true), sender(false), sender(true), sender(false), gone]);
  return unanswered;
};

test("no acknowledged call or outcome is missing and none is stored twice through ten kills under load", async () => {
  const dir = await temporaryDirectory();
  const random = seededRandom(2026);
  const acknowledged: Batches = [];
  let next = 0;
  const nextBatch = () => Array.from({ length: 1 + Math.floor(random() * 20) }, () => chatSpan(next++));
  let unanswered: Batches = [];

  for (let round = 0; round < 10; round += 1) {
    const process = await startProcess(dir);
    // what the crash left without an answer is sent again, as an exporter does; and so is some of what was answered,
    // as by an exporter that did not get the answer
    const resent = [...unanswered, ...acknowledged.slice(-5), ...acknowledged.slice(0, 5)];
    for (const batch of resent) expect(await send(process.url, batch, round % 2 === 0)).toBe(true);
    acknowledged.push(...unanswered);
    unanswered = await loadUntilKilled(process, nextBatch, 5 + Math.floor(random() * 60), acknowledged);
  }

  const { child, url } = await startProcess(dir);
  for (const batch of unanswered) expect(await send(url, batch, false)).toBe(true);
  child.send("flush");
  const { stats } = await message<{ stats: CollectorStats }>(child);
  await kill(child);

  const ids = acknowledged.flat().map(({ spanId }) => spanId ?? "");
  expect(ids.length).toBeGreaterThan(1000);
  expect(stats.spool).toMatchObject({ rows: 0, damagedSegments: 0 });
  expect(stats.outcomeSpool).toMatchObject({ rows: 0, damagedSegments: 0 });
  for (const stored of [
    await storedCells(dir, "spans", SPAN_COLUMNS.indexOf("span_id")),
    await storedCells(dir, "outcomes", OUTCOME_COLUMNS.indexOf("span_id")),
  ]) {
    const known = new Set(stored);
    expect(ids.filter((id) => !known.has(id))).toEqual([]);
    expect(stored.length).toBe(known.size);
  }
  expect((await readdir(join(dir, "spool"))).sort()).toEqual([
    "content",
    "earlier",
    "lock",
    "outcomes",
    "pairs",
    "refused",
  ]);
  for (const folder of ["content", "earlier", "outcomes", "pairs", "refused"])
    expect(await readdir(join(dir, "spool", folder))).toEqual([]);
});
