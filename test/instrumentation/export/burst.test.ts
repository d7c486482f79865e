import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { expect, it } from "vitest";
import { NO_COUNTS } from "../../../instrumentation/export/export-counts.ts";
import { createOtlpSender } from "../../../instrumentation/export/otlp-sender.ts";
import { createResource } from "../../../instrumentation/export/resource.ts";
import { createSpanQueue, type SpanQueue } from "../../../instrumentation/export/span-queue.ts";
import { createSpanRecorder } from "../../../instrumentation/export/span-recorder.ts";
import { startOtlpReceiver } from "../otlp-receiver.ts";

const { replayed: _replayed, ...QUIET } = NO_COUNTS;

it("a burst of 10 000 spans reaches a real collector whole, each span once, through an outage in the middle", async () => {
  const receiver = await startOtlpReceiver();
  let requests = 0;
  receiver.answer = () => {
    requests += 1;
    return { status: requests > 3 && requests < 6 ? 503 : 200 };
  };
  const sender = createOtlpSender({ endpoint: receiver.url, token: null, timeoutMs: 5000 }, { now: Date.now });
  const errors: unknown[] = [];
  const queue: SpanQueue<ReadableSpan> = createSpanQueue(
    { maxQueue: 20_000, batchSize: 512, delayMs: 10, minBackoffMs: 10, maxBackoffMs: 20 },
    {
      send: async (batch) => sender.sendEncoded(sender.encode(batch) ?? new Uint8Array(), batch.length),
      spool: () => false,
      tick: () => performance.now(),
      random: () => 0.5,
      later: (fn, ms) => {
        const timer = setTimeout(fn, ms);
        return () => clearTimeout(timer);
      },
      onAttempt: () => {},
      onInternalError: (error) => void errors.push(error),
    },
  );
  const resource = createResource({ env: {}, mainFile: undefined, instanceId: "i", hostName: "h", pid: 1 });
  const recorder = createSpanRecorder({ resource, maxAttributeChars: 100, attributesOf: () => ({}) }, () => {});
  for (let made = 0; made < 10_000; made += 1) queue.add(recorder.report({ ...NO_COUNTS, made }, Date.now()));
  while (queue.counts().sent < 10_000) await queue.flush();
  expect(queue.counts()).toEqual({ ...QUIET, made: 10_000, sent: 10_000 });
  const numbers = receiver.spans.map(({ attributes }) => Number(attributes["leeway.export.made"]));
  expect(numbers).toEqual(Array.from({ length: 10_000 }, (_, index) => index));
  expect(errors).toEqual([]);
  await receiver.close();
});
