import { messageOf } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import type { RowBatch } from "../collaborators.ts";
import { isMissing } from "./is-missing.ts";
import type { LineFormat } from "./lines.ts";
import type { Ownership } from "./ownership.ts";
import { readSegment, type SegmentRead } from "./read-segment.ts";
import { badName, newerName, type SealedSegment } from "./segment-name.ts";
import type { SpoolFiles } from "./spool-files.ts";

/** What a storer needs. */
export interface SegmentStorerCollaborators {
  /** What the lines of its segments look like. */
  readonly format: LineFormat;
  readonly files: SpoolFiles;
  readonly owner: Ownership;
  readonly insert: (batch: RowBatch) => Promise<void>;
  readonly log: Log;
}

/** What storing segments has come to. */
export interface StorerCounters {
  readonly insertedRows: number;
  readonly insertedSegments: number;
  readonly damagedSegments: number;
  readonly damagedRows: number;
}

/** How storing a segment ended. */
export type SegmentStored =
  /** It is not on disk any more, or waits under another name. */
  | { readonly outcome: "done" }
  /** The disk does not give it back. */
  | { readonly outcome: "unreadable"; readonly error: unknown };

/** Brings one segment after another to where it belongs. */
export interface SegmentStorer {
  /** Rejects with the store's error; it may be tried again. */
  readonly store: (segment: SealedSegment) => Promise<SegmentStored>;
  readonly counters: () => StorerCounters;
}

type Rows = Extract<SegmentRead, { readonly outcome: "rows" }>;

const NEWLINE = Buffer.from("\n");

/** Creates a storer: whole rows go to the store, what is damaged is set aside, and what is newer waits. */
export const createSegmentStorer = ({
  format,
  files,
  owner,
  insert,
  log,
}: SegmentStorerCollaborators): SegmentStorer => {
  const counters = { insertedRows: 0, insertedSegments: 0, damagedSegments: 0, damagedRows: 0 };

  const countDamage = (rows: number) => {
    counters.damagedSegments += 1;
    counters.damagedRows += rows;
  };
  const renameIfThere = (from: string, to: string): Promise<void> => files.rename(from, to).catch(() => undefined);

  const tellMissing = ({ name: file, rows }: SealedSegment) => {
    countDamage(rows);
    log.error("spool: a segment was removed before its rows were stored; they are lost", { file, rows });
  };
  const setAside = async ({ name, rows }: SealedSegment) => {
    countDamage(rows);
    log.error("spool: a segment is damaged and was set aside; its rows are not stored", { file: badName(name), rows });
    await renameIfThere(name, badName(name));
  };
  const keepForNewer = async ({ name, rows }: SealedSegment) => {
    counters.damagedSegments += 1;
    log.error("spool: a newer version of Leeway wrote this segment; start that version again to store its rows", {
      file: newerName(name),
      rows,
    });
    await renameIfThere(name, newerName(name));
  };
  /** Under one name, before the others are stored: a crash in between repeats it. */
  const keepBad = async ({ name }: SealedSegment, bad: readonly Buffer[]) => {
    if (bad.length > 0) await files.write(badName(name), Buffer.concat(bad.flatMap((piece) => [piece, NEWLINE])));
  };
  const tellBad = ({ name }: SealedSegment, { bad, lost, rows: stored }: Rows) => {
    if (bad.length === 0 && lost === 0) return;
    countDamage(lost);
    const fields = { file: badName(name), rows: lost, stored };
    log.error("spool: rows of a segment are damaged and were set aside; its other rows are stored", fields);
  };
  const remove = ({ name: file }: SealedSegment): Promise<void> =>
    files.remove(file).catch((error: unknown) => {
      log.error(`spool: a stored segment could not be removed; remove it by hand: ${messageOf(error)}`, { file });
    });

  const storeRows = async (segment: SealedSegment, read: Rows) => {
    const { token, lines, rows, columns } = read;
    await insert({ token, lines, rows, columns });
    tellBad(segment, read);
    counters.insertedRows += rows;
    counters.insertedSegments += 1;
    // another agent that has taken the directory stores it, too, under the same token, and removes it
    if (await owner.holds().catch(() => true)) await remove(segment);
  };
  const readAndKeepBad = async (segment: SealedSegment): Promise<SegmentRead> => {
    const read = readSegment(await files.read(segment.name), segment, format);
    if (read.outcome === "rows") await keepBad(segment, read.bad);
    return read;
  };

  const store = async (segment: SealedSegment): Promise<SegmentStored> => {
    let read: SegmentRead;
    try {
      read = await readAndKeepBad(segment);
    } catch (error) {
      if (!isMissing(error)) return { outcome: "unreadable", error };
      tellMissing(segment);
      return { outcome: "done" };
    }
    if (read.outcome === "damaged") await setAside(segment);
    else if (read.outcome === "newer") await keepForNewer(segment);
    else await storeRows(segment, read);
    return { outcome: "done" };
  };
  return { store, counters: () => ({ ...counters }) };
};
