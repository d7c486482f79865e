import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { createEventExporter, type EventExporter } from "../../../instrumentation/export/create-event-exporter.ts";
import { createDiskSpool, type DiskSpool } from "../../../instrumentation/export/disk-spool.ts";
import { createLogSender } from "../../../instrumentation/export/otlp-sender.ts";
import { createResource } from "../../../instrumentation/export/resource.ts";
import type { EventRecord } from "../../../instrumentation/shared-events.ts";
import { eventually } from "../eventually.ts";
import { type OtlpReceiver, startOtlpReceiver } from "../otlp-receiver.ts";

const env = { OTEL_SERVICE_NAME: "support-api" };
const resource = createResource({ env, mainFile: undefined, instanceId: "i", hostName: "h", pid: 7 });
const NOW = 1_790_000_000_123;

const event = (n: number): EventRecord => ({
  name: "gen_ai.evaluation.result",
  span: n === 0 ? null : { traceId: String(n).padStart(32, "0"), spanId: String(n).padStart(16, "0") },
  attributes: { "gen_ai.evaluation.name": `outcome-${n}`, "gen_ai.evaluation.score.value": n },
});

describe("the event exporter", () => {
  let receiver: OtlpReceiver;
  let lines: string[];
  let dir: string;
  beforeEach(async () => {
    receiver = await startOtlpReceiver();
    lines = [];
    dir = mkdtempSync(join(tmpdir(), "leeway-events-"));
  });
  afterEach(async () => {
    await receiver.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const openSpool = (): DiskSpool =>
    createDiskSpool(
      {
        base: dir,
        dir: join(dir, "outcomes"),
        maxBytes: 1_000_000,
        pid: process.pid,
        startedMs: 0,
        instance: "0".repeat(8),
      },
      { now: Date.now, isAlive: () => true },
    );
  const create = (spool: DiskSpool | null = null, maxQueue = 1000, hasTimers = true): EventExporter => {
    const timers = new Set<NodeJS.Timeout>();
    onTestFinished(() => {
      for (const timer of timers) clearTimeout(timer);
    });
    return createEventExporter(
      {
        ...{ endpoint: receiver.url, what: "outcomes", isReported: true, maxQueue, batchSize: 100, delayMs: 5 },
        ...{ minBackoffMs: 5, maxBackoffMs: 20 },
      },
      {
        ...{ resource, spool, now: () => NOW, random: () => 0, warn: (line) => void lines.push(line) },
        tick: () => performance.now(),
        later: (fn, ms) => {
          if (!hasTimers) return () => {};
          const timer = setTimeout(fn, ms);
          timers.add(timer);
          return () => clearTimeout(timer);
        },
        send: createLogSender({ endpoint: receiver.url, token: "t0ken", timeoutMs: 2000 }, { now: Date.now }),
        onInternalError: (error) => {
          throw error;
        },
      },
    );
  };
  const outcomes = () => receiver.logs.filter(({ eventName }) => eventName === "gen_ai.evaluation.result");
  const names = () => outcomes().map(({ attributes }) => attributes["gen_ai.evaluation.name"]);

  it("sends standard log records to the collector's logs path, with the token", async () => {
    const exporter = create();
    exporter.add(event(3));
    exporter.add(event(0));
    await eventually(() => exporter.counts().sent === 2);
    expect(outcomes()[0]).toMatchObject({
      eventName: "gen_ai.evaluation.result",
      traceId: "3".padStart(32, "0"),
      spanId: "3".padStart(16, "0"),
      at: NOW,
      attributes: { "gen_ai.evaluation.name": "outcome-3", "gen_ai.evaluation.score.value": 3 },
      resource: { "service.name": "support-api", "service.instance.id": "i" },
    });
    expect(outcomes()[1]?.spanId).toBeUndefined();
    expect(receiver.requests[0]?.headers.authorization).toBe("Bearer t0ken");
    expect(exporter.counts()).toMatchObject({ made: 2, sent: 2, dropped: { queue: 0, refused: 0 } });
  });

  it("keeps what the collector does not take, says so once, and sends all of it, each once, when it does", async () => {
    const exporter = create();
    receiver.answer = () => ({ status: 503 });
    for (let n = 0; n < 250; n += 1) exporter.add(event(n));
    await eventually(() => receiver.requests.length >= 2);
    receiver.answer = null;
    await eventually(() => outcomes().length === 250);
    expect(new Set(names()).size).toBe(250);
    expect(lines).toEqual([expect.stringMatching(/does not take outcomes .*0 of 250 were lost so far/)]);
  });

  it("drops the one that is refused, and no other, and counts it", async () => {
    const exporter = create();
    receiver.answer = (body) => ({ status: body.includes("outcome-13") ? 400 : 200 });
    for (let n = 0; n < 20; n += 1) exporter.add(event(n));
    await exporter.flush();
    expect(outcomes()).toHaveLength(19);
    const report = receiver.logs.find(({ eventName }) => eventName === "leeway.export_report");
    expect(report?.attributes).toMatchObject({
      "leeway.export.made": 20,
      "leeway.export.sent": 19,
      "leeway.export.dropped": 1,
    });
    expect(exporter.counts()).toMatchObject({ made: 20, sent: 19, dropped: { refused: 1 } });
  });

  it("counts what the collector says it did not keep", async () => {
    const exporter = create();
    receiver.answer = () => ({ status: 200, body: '{"partialSuccess":{"rejectedLogRecords":"1"}}' });
    exporter.add(event(1));
    exporter.add(event(2));
    await exporter.flush();
    expect(exporter.counts()).toMatchObject({ sent: 1, dropped: { rejected: 1 } });
  });

  it("writes what waits to disk when the process ends, and the next process sends it", async () => {
    receiver.answer = () => ({ status: 503 });
    const first = create(openSpool(), 1000, false);
    for (let n = 0; n < 30; n += 1) first.add(event(n));
    first.end();
    expect(first.counts()).toMatchObject({ made: 30, spooled: 30 });
    receiver.answer = (body) => ({ status: body.includes("outcome-13") ? 400 : 200 });
    const next = create(openSpool());
    await eventually(() => next.counts().replayed === 29);
    expect(next.counts()).toMatchObject({ made: 0, dropped: { spool: 1 } });
    expect(outcomes()).toHaveLength(29);
  });

  it("leaves what it lost for the next process to tell, when the process ends", async () => {
    const first = create(openSpool(), 1000, false);
    receiver.answer = (body) => ({ status: body.includes("outcome-13") ? 400 : 503 });
    first.add(event(13));
    await first.flush();
    first.end();
    receiver.answer = null;
    const next = create(openSpool());
    await eventually(() => receiver.logs.some(({ eventName }) => eventName === "leeway.export_report"));
    const report = receiver.logs.find(({ eventName }) => eventName === "leeway.export_report");
    expect(report?.attributes).toMatchObject({ "leeway.export.made": 1, "leeway.export.dropped.refused": 1 });
    expect(next.counts()).toMatchObject({ replayed: 0, dropped: { spool: 0 } });
  });

  it("says how many are lost where nothing may be written to disk", () => {
    const exporter = create(null, 2);
    for (let n = 0; n < 5; n += 1) exporter.add(event(n));
    exporter.end();
    expect(exporter.counts()).toMatchObject({ made: 5, dropped: { queue: 3, exit: 2 } });
    expect(lines.join()).toContain("2 of 5 outcomes were lost when the process ended");
  });
});
