import { onTestFinished } from "vitest";
import type { RowBatch } from "../../../collector/collaborators.ts";
import { createSpool } from "../../../collector/spool/create-spool.ts";
import { openDirectory } from "../../../collector/spool/directory-files.ts";
import { type LineFormat, SPAN_LINES } from "../../../collector/spool/lines.ts";
import type { Ownership } from "../../../collector/spool/ownership.ts";
import { sealLines } from "../../../collector/spool/record-check.ts";
import type { AppendOutcome, Spool, SpoolSettings } from "../../../collector/spool/spool.ts";
import { encodeSpanRow } from "../../../core/span-row.ts";
import { rowOf } from "../normalise/normalise.ts";
import { chatSpan } from "../otlp-request.ts";
import { createRecordingLog } from "../recording-log.ts";
import { createFaultyFiles } from "./faulty-files.ts";

/** The encoded row of call number `n`. */
export const line = (n: number): Buffer => Buffer.from(encodeSpanRow(rowOf(chatSpan(n))));

/** The rows as they lie in the segment with this token, at its beginning. */
export const sealed = (token: string, ...numbers: number[]): Buffer =>
  sealLines(Buffer.concat(numbers.map(line)), numbers.length, { token, isFirst: true });

/** The numbers of the calls in a batch. */
export const numbersIn = (batch: RowBatch): number[] =>
  Buffer.from(batch.lines as Uint8Array)
    .toString("utf8")
    .trimEnd()
    .split("\n")
    .map((row) => Number.parseInt(JSON.parse(row)[1], 16) - 1);

const OWNER: Ownership = { holds: async () => true, isLost: () => false };

/** What a test sets up beside the settings. */
interface Surroundings {
  readonly format?: LineFormat;
  readonly owner?: Ownership;
  /** Files the disk does not give back. */
  readonly unreadable?: readonly string[];
}

/** A spool under test, its fake store and its breakable disk. */
export interface TestSpool {
  readonly spool: Spool;
  /** What the store took. */
  readonly batches: RowBatch[];
  /** What it was offered, failed tries included. */
  readonly tried: RowBatch[];
  readonly store: { isUp: boolean };
  readonly log: ReturnType<typeof createRecordingLog>;
  readonly files: ReturnType<typeof createFaultyFiles>;
  readonly append: (...numbers: number[]) => Promise<AppendOutcome>;
  /** The numbers of the calls the store took, in order. */
  readonly stored: () => number[];
}

/** A spool on a real directory with a fake store and a disk that can be broken. */
export const openSpool = async (
  dir: string,
  settings: Partial<SpoolSettings> = {},
  now: () => number = () => 0,
  { format = SPAN_LINES, owner = OWNER, unreadable = [] }: Surroundings = {},
): Promise<TestSpool> => {
  const tried: RowBatch[] = [];
  const batches: RowBatch[] = [];
  const store = { isUp: true };
  const log = createRecordingLog();
  const files = createFaultyFiles(await openDirectory(dir));
  for (const name of unreadable) files.unreadable.add(name);
  const spool: Spool = await createSpool(
    {
      maxBytes: 1_000_000,
      maxRows: 1000,
      maxSegmentBytes: 1_000_000,
      maxDelayMs: 60_000,
      maxLeftoverKeys: 1000,
      retryMs: { first: 1, longest: 5 },
      ...settings,
    },
    {
      format,
      files,
      owner,
      now,
      log,
      insert: async (batch) => {
        tried.push({ ...batch, lines: Buffer.from(batch.lines as Uint8Array) });
        if (!store.isUp) throw new Error("the store is down");
        batches.push({ ...batch, lines: Buffer.from(batch.lines as Uint8Array) });
      },
    },
  );
  onTestFinished(() => spool.close(1000));
  const append = (...numbers: number[]) => spool.append(Buffer.concat(numbers.map(line)), numbers.length);
  return { spool, batches, tried, store, log, files, append, stored: () => batches.flatMap(numbersIn) };
};
