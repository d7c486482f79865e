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

/** A segment that grows. */
export interface OpenSegment extends SegmentId {
  /** True where each of its rows has a checksum; versions before this one wrote none. */
  readonly isChecked: boolean;
}

// a clock that counts fractions wrote some of them into names, for a while
const OPEN = /^(\d{10})-([0-9a-f]{16})-(\d+(?:\.\d+)?)\.open$/;
const SEALED = /^(\d{10})-([0-9a-f]{16})-(\d+(?:\.\d+)?)-(\d+)-(\d+)-([0-9a-f]{8})\.rows$/;

/** Whole milliseconds, whatever the clock counts: every name that is written has to be read again. */
const stem = ({ number, run, firstMs }: SegmentId): string =>
  `${String(number).padStart(10, "0")}-${run}-${Math.max(0, Math.floor(firstMs))}`;

/**
 * File name of a segment that grows. The zero before its time says that every row has a checksum: its content cannot
 * say so, where all of it is damaged. Versions before this one read the same time.
 */
export const openName = (id: SegmentId): string => `${stem(id).replace(/\d+$/, "0$&")}.open`;

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
export const parseOpenName = (name: string): OpenSegment | null => {
  const [, number, run, firstMs = ""] = OPEN.exec(name) ?? [];
  const isChecked = /^0\d/.test(firstMs);
  return run === undefined ? null : { number: Number(number), run, firstMs: Number(firstMs), isChecked };
};

/** The segment a token belongs to; `firstMs` is unknown to it. */
export const idOfToken = (token: string, firstMs: number): SegmentId => {
  const [run = "", number] = token.split("-");
  return { number: Number(number), run, firstMs };
};

/** The name under which what is damaged of a segment, or all of it, is set aside. */
export const badName = (name: string): string => `${name}.bad`;

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

/** True for a name that badName made. */
export const isBadName = (name: string): boolean => name.endsWith(".bad");
