import type { ChildProcess } from "node:child_process";
import { expect, test } from "vitest";
import { seededRandom } from "../../../core/seeded-random.ts";
import { SPAN_COLUMNS } from "../../../core/span-row.ts";
import { chatSpan, jsonRequest, type SpanSpec } from "../otlp-request.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { kill, message, post, startProcess, storedCells } from "./crashing-collector.ts";

/** What an instrumentation tells of some calls. */
interface Told {
  readonly scope: string;
  readonly spans: readonly SpanSpec[];
}

const USAGE = { "gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 7 };

/** One instrumentation knows no tokens, the other does. */
const poor = (n: number): SpanSpec => chatSpan(n);
const better = (n: number): SpanSpec => ({
  ...chatSpan(n, USAGE),
  spanId: (n + 1).toString(16).padStart(16, "b"),
  parentSpanId: chatSpan(n).spanId ?? "",
});

test("calls that two instrumentations tell of, in any order, are one row each through four kills", async () => {
  const dir = await temporaryDirectory();
  const random = seededRandom(2026);
  let [next, acknowledged] = [0, 0];
  /** Requests in the order in which a sender makes them. */
  const nextRequests = (): readonly Told[] => {
    const numbers = Array.from({ length: 1 + Math.floor(random() * 10) }, () => next++);
    const told = [
      { scope: "http", spans: numbers.map(poor) },
      { scope: "sdk", spans: numbers.map(better) },
    ];
    return random() < 0.7 ? told : told.toReversed();
  };
  const send = (url: string, { scope, spans }: Told): Promise<boolean> =>
    post(`${url}/v1/traces`, jsonRequest(spans, { scope }));

  const loadUntilKilled = async (
    { child, url }: { child: ChildProcess; url: string },
    killAfter: number,
  ): Promise<readonly Told[]> => {
    const unanswered: Told[] = [];
    let answers = 0;
    const sender = async () => {
      while (unanswered.length === 0) {
        for (const told of nextRequests()) {
          if (await send(url, told)) answers += 1;
          else unanswered.push(told);
          if (answers === killAfter) child.kill("SIGKILL");
        }
      }
    };
    const gone = new Promise((resolve) => child.once("exit", resolve));
    await Promise.all([sender(), sender(), sender(), gone]);
    acknowledged += answers;
    return unanswered;
  };

  let unanswered: readonly Told[] = [];
  for (let round = 0; round < 4; round += 1) {
    const started = await startProcess(dir);
    for (const told of unanswered) expect(await send(started.url, told)).toBe(true);
    unanswered = await loadUntilKilled(started, 30 + Math.floor(random() * 40));
  }
  const { child, url } = await startProcess(dir);
  for (const told of unanswered) expect(await send(url, told)).toBe(true);
  child.send("flush");
  await message(child);
  await kill(child);

  expect(acknowledged).toBeGreaterThan(100);
  const traces = await storedCells(dir, "spans", SPAN_COLUMNS.indexOf("trace_id"));
  const called = Array.from({ length: next }, (_, n) => chatSpan(n).traceId);
  expect(traces.toSorted()).toEqual(called.toSorted());
  const counted = await storedCells(dir, "spans", SPAN_COLUMNS.indexOf("input_tokens"));
  // those whose better span came first, and those whose better span came in time
  expect(counted.filter((tokens) => tokens === 100).length).toBeGreaterThan(traces.length / 5);
});
