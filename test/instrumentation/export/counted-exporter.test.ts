import { describe, expect, it } from "vitest";
import { createCountedExporter } from "../../../instrumentation/export/create-counted-exporter.ts";
import type { DiskSpool } from "../../../instrumentation/export/disk-spool.ts";
import type { SendOutcome } from "../../../instrumentation/export/send-outcome.ts";
import { fromLines } from "../../../instrumentation/export/spooled-lines.ts";

const SENT: SendOutcome = { outcome: "sent", rejected: 0 };
const DOWN: SendOutcome = { outcome: "retry", why: "ECONNREFUSED", retryAfterMs: null };

const requestOf = (words: readonly string[]): Buffer =>
  Buffer.from(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: words }] }] }));
const wordsIn = (request: Uint8Array | null): string =>
  JSON.parse(Buffer.from(request ?? []).toString()).resourceLogs[0].scopeLogs[0].logRecords.join();

/** An exporter of words, and `x` cannot be put into a request. */
const setUp = ({ isReported = true, hasDisk = true } = {}) => {
  const world = { answer: SENT as SendOutcome, sent: [] as string[], files: [] as [string, number][] };
  const spool: DiskSpool = {
    write: (data, items) => world.files.push([wordsIn(fromLines(data, "logs").data), items]) > 0,
    claim: () => null,
    dropped: () => 0,
  };
  const exporter = createCountedExporter<string>(
    { endpoint: "http://agent:4318", maxQueue: 100, batchSize: 2, delayMs: 1, minBackoffMs: 1, maxBackoffMs: 1 },
    {
      what: "words",
      signal: "logs",
      encode: (batch) => (batch.includes("x") ? null : requestOf(batch)),
      report: isReported ? ({ made, sent }) => `report ${made} ${sent}` : null,
    },
    {
      ...{ tick: () => 0, random: () => 0, later: () => () => {}, warn: () => {} },
      spool: hasDisk ? spool : null,
      onInternalError: (error) => {
        throw error;
      },
      send: async (data) => {
        if (world.answer === SENT) world.sent.push(wordsIn(data));
        return world.answer;
      },
    },
  );
  return { world, exporter };
};

describe("a counted exporter", () => {
  it("drops what cannot be put into words instead of trying it for ever, and sends the rest of its batch", async () => {
    const { world, exporter } = setUp();
    for (const word of ["a", "x", "b"]) exporter.add(word);
    await exporter.flush();
    expect(world.sent.filter((request) => !request.startsWith("report"))).toEqual(["a", "b"]);
    expect(exporter.counts()).toMatchObject({ made: 3, sent: 2, dropped: { refused: 1 } });
  });

  it("leaves what waits, and what has to be told, on disk: the report counts for nothing there", () => {
    const { world, exporter } = setUp();
    for (const word of ["a", "b", "c"]) exporter.add(word);
    exporter.end();
    expect(world.files).toEqual([
      ["a,b", 2],
      ["c", 1],
      ["report 3 0", 0],
    ]);
    expect(exporter.counts()).toMatchObject({ made: 3, spooled: 3 });
  });

  it.each([
    ["whose losses only people are told", { isReported: false }],
    ["that may write nothing to disk", { hasDisk: false }],
  ])("one %s writes no report", async (_which, shape) => {
    const { world, exporter } = setUp(shape);
    world.answer = DOWN;
    exporter.add("x");
    await exporter.flush();
    exporter.end();
    expect([world.sent, world.files.filter(([, items]) => items === 0)]).toEqual([[], []]);
    expect(exporter.counts()).toMatchObject({ made: 1, dropped: { refused: 1 } });
  });
});
