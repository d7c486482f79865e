import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { RowBatch } from "../../collector/collaborators.ts";
import { ALL_STORED } from "../../collector/collaborators.ts";
import { DEFAULT_COLLECTOR_SETTINGS } from "../../collector/collector-settings.ts";
import { openStreams } from "../../collector/streams/open-streams.ts";
import { STREAM_TYPES, type StreamName, type StreamType, streamTypes } from "../../collector/streams/stream-types.ts";
import { createRecordingLog } from "./recording-log.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { unstored } from "./unstored.ts";

type Name = StreamName | "pairs";

/** Rows nobody has thought of yet: two cells, the first of them the key. */
const pairs = (stored: RowBatch[]): StreamType<Name> => ({
  folder: "pairs",
  share: 1 / 4,
  format: {
    keyOf: (line) => /^\["([^"]+)",/.exec(line)?.[1] ?? null,
    columnsOf: (line) => (/^\["[^"]+",/.test(line) ? 2 : null),
    columns: 2,
    standsIn: false,
  },
  insert: () => async (batch) => {
    stored.push(batch);
    return ALL_STORED;
  },
  recentKeys: () => async () => ["aa11"],
  duplicatesOf: null,
  maxDelayMs: null,
});

it("a stream that is one more entry is durable, goes to its own table and has its part of the disk", async () => {
  const dir = await temporaryDirectory();
  const stored: RowBatch[] = [];
  const types: Readonly<Record<Name, StreamType<Name>>> = { ...STREAM_TYPES, pairs: pairs(stored) };
  const settings = {
    ...DEFAULT_COLLECTOR_SETTINGS,
    spool: { dir, maxBytes: 16_000_000 },
    batch: { maxRows: 10, maxDelayMs: 5 },
    closeGraceMs: 1_000,
  };
  const streams = await openStreams<Name>(settings, { ...unstored(createRecordingLog()), random: () => 0 }, types);
  expect(Object.values(streams.of).map(({ maxBytes }) => maxBytes)).toEqual([
    6_000_000, 1_000_000, 1_000_000, 4_000_000, 4_000_000,
  ]);
  expect([...streams.of.pairs.duplicates.claim(["aa11", "bb22"]).fresh]).toEqual([1]);
  await streams.of.pairs.spool.append(Buffer.from('["p1",1]\n'), 1);
  expect(existsSync(join(dir, "pairs"))).toBe(true);
  await streams.flush();
  expect(stored.map(({ rows }) => rows)).toEqual([1]);
  await streams.close();
});

it("what no content is kept of takes no room from the calls", () => {
  expect(streamTypes(true).content.share).toBeGreaterThan(0);
  expect(streamTypes(false).content.share).toBe(0);
});
