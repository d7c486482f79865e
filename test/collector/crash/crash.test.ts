import { type ChildProcess, fork } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
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

const CHILD = new URL("./collector-process.ts", import.meta.url);

const message = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    child.once("message", (value) => resolve(value as T));
    child.once("exit", (code) => reject(new Error(`the collector ended with ${code}`)));
  });

const start = async (dir: string): Promise<{ child: ChildProcess; url: string }> => {
  const child = fork(CHILD, [join(dir, "spool"), join(dir, "store")], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return { child, url: (await message<{ url: string }>(child)).url };
};

const kill = async (child: ChildProcess): Promise<void> => {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
};

type Batches = (readonly SpanSpec[])[];

const post = async (url: string, body: unknown): Promise<boolean> => {
  const asJson = !(body instanceof Uint8Array);
  const type = asJson ? "application/json" : "application/x-protobuf";
  const content = asJson ? JSON.stringify(body) : Buffer.from(body);
  const headers = { "content-type": type };
  const answer = await fetch(url, { method: "POST", headers, body: content }).catch(() => null);
  return answer?.status === 200;
};

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

/** The span id of every row of a table; `column` is where the row has it. */
const storedSpanIds = async (dir: string, table: string, column: number): Promise<string[]> => {
  const names = await readdir(join(dir, "store", table));
  expect(names.filter((name) => name.endsWith(".conflict"))).toEqual([]);
  const files = names.filter((name) => name.endsWith(".stored"));
  const contents = await Promise.all(files.map((name) => readFile(join(dir, "store", table, name), "utf8")));
  return contents.flatMap((content) =>
    content
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)[column]),
  );
};

test("no acknowledged call or outcome is missing and none is stored twice through ten kills under load", async () => {
  const dir = await temporaryDirectory();
  const random = seededRandom(2026);
  const acknowledged: Batches = [];
  let next = 0;
  const nextBatch = () => Array.from({ length: 1 + Math.floor(random() * 20) }, () => chatSpan(next++));
  let unanswered: Batches = [];

  for (let round = 0; round < 10; round += 1) {
    const process = await start(dir);
    // what the crash left without an answer is sent again, as an exporter does; and so is some of what was answered,
    // as by an exporter that did not get the answer
    const resent = [...unanswered, ...acknowledged.slice(-5), ...acknowledged.slice(0, 5)];
    for (const batch of resent) expect(await send(process.url, batch, round % 2 === 0)).toBe(true);
    acknowledged.push(...unanswered);
    unanswered = await loadUntilKilled(process, nextBatch, 5 + Math.floor(random() * 60), acknowledged);
  }

  const { child, url } = await start(dir);
  for (const batch of unanswered) expect(await send(url, batch, false)).toBe(true);
  child.send("flush");
  const { stats } = await message<{ stats: CollectorStats }>(child);
  await kill(child);

  const ids = acknowledged.flat().map(({ spanId }) => spanId ?? "");
  expect(ids.length).toBeGreaterThan(1000);
  expect(stats.spool).toMatchObject({ rows: 0, damagedSegments: 0 });
  expect(stats.outcomeSpool).toMatchObject({ rows: 0, damagedSegments: 0 });
  for (const stored of [
    await storedSpanIds(dir, "spans", SPAN_COLUMNS.indexOf("span_id")),
    await storedSpanIds(dir, "outcomes", OUTCOME_COLUMNS.indexOf("span_id")),
  ]) {
    const known = new Set(stored);
    expect(ids.filter((id) => !known.has(id))).toEqual([]);
    expect(stored.length).toBe(known.size);
  }
  expect((await readdir(join(dir, "spool"))).sort()).toEqual(["earlier", "lock", "outcomes", "refused"]);
  for (const folder of ["earlier", "outcomes", "refused"])
    expect(await readdir(join(dir, "spool", folder))).toEqual([]);
}, 60_000);
