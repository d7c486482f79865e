import { randomBytes } from "node:crypto";
import { withinOr } from "../../async/within-or.ts";
import type { SpoolStats } from "../../core/collector-stats.ts";
import type { Log } from "../../core/log.ts";
import type { RowBatch } from "../collaborators.ts";
import type { LineFormat } from "./lines.ts";
import type { Ownership } from "./ownership.ts";
import { readSegment } from "./read-segment.ts";
import { recoverSegments } from "./recover-segments.ts";
import { createSegmentInserter } from "./segment-inserter.ts";
import type { SealedSegment } from "./segment-name.ts";
import { createSegmentWriter } from "./segment-writer.ts";
import type { Spool, SpoolSettings } from "./spool.ts";
import type { SpoolFiles } from "./spool-files.ts";

/** What a spool needs. */
export interface SpoolCollaborators {
  /** What the lines look like. */
  readonly format: LineFormat;
  readonly files: SpoolFiles;
  /** Whether the files are this process's. */
  readonly owner: Ownership;
  readonly insert: (batch: RowBatch) => Promise<void>;
  /** Hears every row that an earlier run left behind, newest segment first, as its line. */
  readonly leftover?: (line: string) => void;
  /** Epoch ms. */
  readonly now: () => number;
  readonly log: Log;
}

const readKeys = async (
  { files, format, leftover }: Pick<SpoolCollaborators, "files" | "format" | "leftover">,
  segments: readonly SealedSegment[],
  limit: number,
): Promise<string[]> => {
  const keys: string[] = [];
  for (const segment of segments.toReversed()) {
    if (keys.length >= limit) break;
    // what cannot be read, or is damaged, is not known: it may be sent again
    const content = await files.read(segment.name).catch(() => Buffer.alloc(0));
    const read = readSegment(content, segment, format);
    const lines = read.outcome === "rows" ? read.lines.toString("utf8").split("\n").reverse() : [];
    for (const line of lines) {
      const key = format.keyOf(line);
      if (key === null) continue;
      keys.push(key);
      leftover?.(line);
    }
    if (read.outcome === "rows") keys.push(...read.gone);
  }
  return keys.slice(0, limit);
};

/** Resolves when `work` ends, however it ends, or after `limitMs`. */
const ended = (limitMs: number, work: Promise<void>): Promise<void> =>
  withinOr(
    limitMs,
    work.catch(() => undefined),
    undefined,
  );

/**
 * Opens the spool: brings what an earlier run left into order, begins to store it, and takes new rows. Rejects when
 * the directory cannot be read or written.
 */
export const createSpool = async (settings: SpoolSettings, collaborators: SpoolCollaborators): Promise<Spool> => {
  const { format, files, owner, insert, now, log } = collaborators;
  const { segments, lastNumber, ...found } = await recoverSegments(files, format, log);
  // before the first of them is stored and removed
  const leftoverKeys = await readKeys(collaborators, segments, settings.maxLeftoverKeys);
  if (segments.length > 0) log.info("spool: storing what an earlier run left behind", { segments: segments.length });
  const inserter = createSegmentInserter(settings, { format, files, owner, insert, log }, segments);
  const run = randomBytes(8).toString("hex");
  const writer = createSegmentWriter(settings, { files, owner, log, now, onSealed: inserter.add }, { run, lastNumber });

  const stats = (): SpoolStats => {
    const { waiting, ...inserted } = inserter.stats();
    const unsealed = writer.stats();
    const firstMs = waiting.firstMs ?? unsealed.firstMs;
    return {
      ...inserted,
      damagedSegments: inserted.damagedSegments + found.damaged,
      damagedRows: inserted.damagedRows + found.damagedRows,
      unreadableSegments: inserted.unreadableSegments + found.unreadable,
      appendFailures: unsealed.appendFailures,
      bytes: waiting.bytes + unsealed.bytes,
      rows: waiting.rows + unsealed.rows,
      segments: waiting.segments + (unsealed.rows > 0 ? 1 : 0),
      oldestUnsavedMs: firstMs === null ? null : Math.max(0, now() - firstMs),
    };
  };

  const flush = async () => {
    await writer.seal();
    await inserter.settled();
  };

  return {
    append: (lines, rows) =>
      stats().bytes + lines.length > settings.maxBytes
        ? Promise.resolve({ outcome: "full" })
        : writer.append(lines, rows),
    exchange: async (line, segment) =>
      stats().bytes + line.length <= settings.maxBytes && (await writer.append(line, 1, segment)).outcome === "durable",
    leftoverKeys,
    stats,
    flush,
    async close(graceMs) {
      await ended(graceMs, flush());
      await writer.close();
      await ended(graceMs, inserter.stop());
    },
  };
};
