/** What the name of a segment says. The name is all the state a segment has. */
export interface SegmentId {
  /** Order of the segments in their directory, from 1. */
  readonly number: number;
  /** Random, one per run of the collector: 16 hex digits. Makes tokens unique although numbers start again. */
  readonly run: string;
  /** When its first row arrived, epoch ms. */
  readonly firstMs: number;
}

/** A segment that will not change any more. */
export interface SealedSegment extends SegmentId {
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
  /** CRC-32 of its content, 8 hex digits. */
  readonly checksum: string;
}

const OPEN = /^(\d{10})-([0-9a-f]{16})-(\d+)\.open$/;
const SEALED = /^(\d{10})-([0-9a-f]{16})-(\d+)-(\d+)-(\d+)-([0-9a-f]{8})\.rows$/;

const stem = ({ number, run, firstMs }: SegmentId): string => `${String(number).padStart(10, "0")}-${run}-${firstMs}`;

/** File name of a segment that still grows. */
export const openName = (id: SegmentId): string => `${stem(id)}.open`;

/** File name of a sealed segment. */
export const sealedName = (id: SegmentId, rows: number, bytes: number, checksum: string): string =>
  `${stem(id)}-${rows}-${bytes}-${checksum}.rows`;

const NEWER = /\.rows\.newer$/;

/** The name under which a sealed segment waits for the newer version that wrote it. */
export const newerName = (name: string): string => `${name}.newer`;

/** True for a name that newerName made. */
export const isNewerName = (name: string): boolean => NEWER.test(name);

/** Undoes newerName; any other name stays as it is. */
export const readableName = (name: string): string => name.replace(NEWER, ".rows");

/** The deduplication token of a segment: the same through every crash and restart, and never used for other content. */
export const tokenOf = ({ run, number }: SegmentId): string => `${run}-${number}`;

/** Reads the name of a growing segment; null for any other file. */
export const parseOpenName = (name: string): SegmentId | null => {
  const [, number, run, firstMs] = OPEN.exec(name) ?? [];
  return run === undefined ? null : { number: Number(number), run, firstMs: Number(firstMs) };
};

/** Reads the name of a sealed segment; null for any other file. */
export const parseSealedName = (name: string): SealedSegment | null => {
  const [, number, run, firstMs, rows, bytes, checksum] = SEALED.exec(name) ?? [];
  if (run === undefined || checksum === undefined) return null;
  return {
    name,
    number: Number(number),
    run,
    firstMs: Number(firstMs),
    rows: Number(rows),
    bytes: Number(bytes),
    checksum,
  };
};
