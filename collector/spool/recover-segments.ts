import { messageOf } from "../../core/errors.ts";
import type { Log } from "../../core/log.ts";
import { healSegment } from "./heal-segment.ts";
import type { LineFormat } from "./lines.ts";
import { mendName } from "./mend-name.ts";
import {
  badName,
  isBadName,
  isNewerName,
  type OpenSegment,
  parseOpenName,
  parseSealedName,
  readableName,
  type SealedSegment,
  type SegmentId,
} from "./segment-name.ts";
import type { SpoolFiles } from "./spool-files.ts";

/** What an earlier run left behind. */
export interface Recovered {
  /** In the order in which they were written. */
  readonly segments: readonly SealedSegment[];
  /** The highest number any file in the directory has; 0 for an empty one. */
  readonly lastNumber: number;
  /** Segments that were damaged and set aside, as a whole or in part, and how many of their rows cannot be read. */
  readonly damaged: number;
  readonly damagedRows: number;
  /** Segments the disk does not give back now; they stay for the next start. */
  readonly unreadable: number;
}

/** What else is ours in the directory: the lock, and the spool of outcomes. */
const OURS = ["lock", "earlier", "outcomes", "refused"];

/** Strangers that are named in the log. */
const MAX_SHOWN = 10;

const numberOf = (name: string): number => Number(/^(\d{10})-/.exec(name)?.[1] ?? 0);

const isSame = (a: SegmentId, b: SegmentId): boolean => a.number === b.number && a.run === b.run;

const isSegment = (name: string): boolean => parseOpenName(name) !== null || parseSealedName(name) !== null;

interface Tidied {
  /** Names of segments as they are now. */
  readonly segments: readonly string[];
  readonly strangers: readonly string[];
  /** The highest number in any name. */
  readonly lastNumber: number;
}

/** Gives a file the name under which it can be read; null where it is not the spool's. */
const takeBack = async (files: SpoolFiles, name: string, all: readonly string[]): Promise<string | null> => {
  // what another version could not read may be readable now
  const readable = isNewerName(name) || isSegment(name) ? readableName(name) : await mendName(files, name);
  if (readable === null || readable === name) return readable;
  if (all.includes(readable)) return null;
  await files.rename(name, readable);
  return readable;
};

/** Removes what was never finished, names what can be named, and tells strangers apart. */
const tidy = async (files: SpoolFiles, log: Log): Promise<Tidied> => {
  const { files: names, others } = await files.list();
  const [segments, strangers]: [string[], string[]] = [[], others.filter((name) => !OURS.includes(name))];
  for (const name of names.filter((each) => !isBadName(each) && !OURS.includes(each))) {
    try {
      if (name.endsWith(".tmp") && numberOf(name) > 0) await files.remove(name);
      else {
        const readable = await takeBack(files, name, names);
        if (readable === null) strangers.push(name);
        else segments.push(readable);
      }
    } catch (error) {
      log.warn(`spool: a file cannot be used and is left alone: ${messageOf(error)}`, { file: name });
    }
  }
  return {
    segments: segments.sort(),
    strangers: strangers.sort(),
    lastNumber: Math.max(0, ...[...names, ...segments].map(numberOf)),
  };
};

/**
 * Brings the directory into order after whatever ended the last run: every segment that is returned is sealed, with
 * the token it would have had without the crash. What is not the spool's is left alone, and what the disk does not give
 * back is left for later. Rejects when the directory cannot be listed.
 */
export const recoverSegments = async (files: SpoolFiles, format: LineFormat, log: Log): Promise<Recovered> => {
  const { segments: names, strangers, lastNumber } = await tidy(files, log);
  if (strangers.length > 0) {
    const shown = strangers.slice(0, MAX_SHOWN).map((name) => Buffer.from(name, "latin1").toString("utf8"));
    const more = strangers.length > MAX_SHOWN ? `, and ${strangers.length - MAX_SHOWN} more` : "";
    log.warn("spool: these are not the spool's and are left alone", { names: `${shown.join(", ")}${more}` });
  }
  const segments = names.map(parseSealedName).filter((segment) => segment !== null);
  let [damaged, damagedRows, unreadable] = [0, 0, 0];

  const heal = async (name: string, id: OpenSegment): Promise<void> => {
    // sealed already: the crash came between writing the sealed copy and removing the original
    if (segments.some((segment) => isSame(segment, id))) return files.remove(name);
    const healed = await healSegment(files, format, name, id);
    if (healed.segment !== null) segments.push(healed.segment);
    if (healed.damagedRows === 0) return;
    damaged += 1;
    damagedRows += healed.damagedRows;
    const [file, rows] = [badName(name), healed.damagedRows];
    log.error("spool: a segment was damaged; its whole rows are kept, the original is set aside", { file, rows });
  };
  for (const name of names) {
    const id = parseOpenName(name);
    if (id === null) continue;
    await heal(name, id).catch((error: unknown) => {
      unreadable += 1;
      log.error(`spool: a segment stays for the next start: ${messageOf(error)}`, { file: name });
    });
  }
  segments.sort((a, b) => a.number - b.number);
  return { segments, lastNumber, damaged, damagedRows, unreadable };
};
