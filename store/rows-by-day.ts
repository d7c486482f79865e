import { DAY_MS } from "../core/retention.ts";

const [COMMA, NEWLINE] = [0x2c, 0x0a];

/**
 * Partitions an insert may touch. Each is a part on disk, and takes as long as a thousand rows: rows of ninety days in one
 * insert would hold up everything that waits behind it.
 */
export const MAX_DAYS_PER_INSERT = 20;

/** Offset behind the `count`-th comma from `from`. */
const behindCommas = (lines: Uint8Array, from: number, count: number): number => {
  let at = from;
  for (let left = count; left > 0 && at < lines.length; at += 1) if (lines[at] === COMMA) left -= 1;
  return at;
};

/** One line of JSONCompactEachRow and the day its time is in, in days since the epoch; NaN where it has none. */
interface DayLine {
  readonly bytes: Uint8Array;
  readonly day: number;
}

/** The lines of a batch. `column` = index of the time in epoch ms; the columns before it hold no comma. */
export const linesByDay = (lines: Uint8Array, column: number): readonly DayLine[] => {
  const found: DayLine[] = [];
  for (let from = 0; from < lines.length; ) {
    const newline = lines.indexOf(NEWLINE, from);
    const end = newline < 0 ? lines.length : newline + 1;
    const time = behindCommas(lines, from, column);
    const text = Buffer.from(lines.buffer, lines.byteOffset + time, Math.min(32, end - time)).toString("latin1");
    found.push({ bytes: lines.subarray(from, end), day: Math.floor(Number.parseFloat(text) / DAY_MS) });
    from = end;
  }
  return found;
};

/**
 * The lines in groups of at most MAX_DAYS_PER_INSERT days, the oldest first; the same lines make the same groups.
 */
export const groupDays = (lines: readonly DayLine[]): readonly (readonly Uint8Array[])[] => {
  const days = [...new Set(lines.map(({ day }) => day))].sort((a, b) => a - b);
  const groupOf = new Map(days.map((day, index) => [day, Math.floor(index / MAX_DAYS_PER_INSERT)]));
  const groups: Uint8Array[][] = [];
  for (const { bytes, day } of lines) {
    const group = groupOf.get(day) ?? 0;
    groups[group] ??= [];
    groups[group].push(bytes);
  }
  return groups;
};
