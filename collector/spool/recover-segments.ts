import type { Log } from "../../core/log.ts";
import { checksumText, extendChecksum } from "./checksum.ts";
import type { LineFormat } from "./lines.ts";
import {
  isNewerName,
  parseOpenName,
  parseSealedName,
  readableName,
  type SealedSegment,
  type SegmentId,
  sealedName,
} from "./segment-name.ts";
import type { SpoolFiles } from "./spool-files.ts";

/** What an earlier run left behind. */
export interface Recovered {
  /** In the order in which they were written. */
  readonly segments: readonly SealedSegment[];
  /** The highest number any file in the directory has; 0 for an empty one. */
  readonly lastNumber: number;
  /** Segments that were damaged and set aside. */
  readonly damaged: number;
}

interface Healed {
  readonly segment: SealedSegment | null;
  readonly damaged: boolean;
}

/**
 * Seals the segment a crash left growing. A torn last line was never acknowledged and is cut off; a torn line before
 * others is damage: the original is set aside and the whole lines are kept.
 */
const healOpen = async (files: SpoolFiles, format: LineFormat, name: string, id: SegmentId): Promise<Healed> => {
  const content = await files.read(name);
  const lines = content.toString("utf8").split("\n");
  lines.pop(); // what follows the last newline: nothing, or a torn line
  // one version wrote all of it, perhaps another than this
  const written = lines.map(format.columnsOf);
  const columns = written.find((count) => count !== null) ?? null;
  const whole = lines.filter((_line, index) => columns !== null && written[index] === columns);
  const damaged = lines.length - whole.length > 0;
  const segment = whole.length > 0 ? await writeSealed(files, id, whole) : null;
  await (damaged ? files.rename(name, `${name}.bad`) : files.remove(name));
  return { segment, damaged };
};

const writeSealed = async (files: SpoolFiles, id: SegmentId, lines: readonly string[]): Promise<SealedSegment> => {
  const content = Buffer.from(`${lines.join("\n")}\n`);
  const checksum = checksumText(extendChecksum(0, content));
  const name = sealedName(id, lines.length, content.length, checksum);
  await files.write(name, content);
  return { ...id, name, rows: lines.length, bytes: content.length, checksum };
};

const numberOf = (name: string): number => Number(/^(\d{10})-/.exec(name)?.[1] ?? 0);

/** What another version could not read may be readable now. */
const takeBack = async (files: SpoolFiles): Promise<readonly string[]> => {
  const names = await files.list();
  for (const name of names.filter(isNewerName)) await files.rename(name, readableName(name));
  return names.map(readableName).sort();
};

const isSame = (a: SegmentId, b: SegmentId): boolean => a.number === b.number && a.run === b.run;

/**
 * Brings the directory into order after whatever ended the last run: every segment that is returned is sealed, with
 * the token it would have had without the crash. Rejects when the directory cannot be read or written.
 */
export const recoverSegments = async (files: SpoolFiles, format: LineFormat, log: Log): Promise<Recovered> => {
  const names = await takeBack(files);
  const segments = names.map(parseSealedName).filter((segment) => segment !== null);
  let damaged = 0;
  for (const name of names) {
    if (name.endsWith(".tmp")) await files.remove(name);
    const id = parseOpenName(name);
    if (id === null) continue;
    // sealed already: the crash came between writing the sealed copy and removing the original
    if (segments.some((segment) => isSame(segment, id))) {
      await files.remove(name);
      continue;
    }
    const healed = await healOpen(files, format, name, id);
    if (healed.segment !== null) segments.push(healed.segment);
    if (healed.damaged) {
      damaged += 1;
      log.error("spool: a segment was damaged; its whole rows are kept, the original is set aside", {
        file: `${name}.bad`,
      });
    }
  }
  segments.sort((a, b) => a.number - b.number);
  return { segments, lastNumber: Math.max(0, ...names.map(numberOf)), damaged };
};
