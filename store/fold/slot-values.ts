import type { Database } from "../database.ts";
import { SAMPLES, SEGMENT_VALUES } from "../schema/samples.ts";
import type { CallRange } from "./call-range.ts";
import { type Cell, callsCell, SLOT_MS } from "./cell.ts";
import { isOneOfHashes, NAME_AND_HASH, type OwnValues, readCommonest, type SegmentedRows } from "./commonest-values.ts";
import { type Segmentation, segmentsSql } from "./segments-sql.ts";
import { EARLIER, SLOT_OF_SAMPLE } from "./stored-cells.ts";

/** Which values of a tick's minutes are folded by themselves. */
export interface SlotValues {
  /** SQL for the segments of a row; `slot` is SQL for its minute, epoch ms. */
  readonly segmentsSql: (slot: string) => string;
  /** Rows that say it of the given minutes, for the ticks that find more calls of them. */
  readonly cells: (slots: Iterable<number>) => readonly Cell[];
}

/** Values by the minute and the name they are of. */
interface Row {
  readonly slot_ms: number;
  readonly name: string;
  readonly hashes: readonly string[];
}

const keyOf = (slot: number, name: string): string => `${slot} ${name}`;

const byKey = (rows: readonly Row[]): OwnValues =>
  new Map(rows.map(({ slot_ms, name, hashes }) => [keyOf(slot_ms, name), new Set(hashes)]));

/** What earlier ticks said of their minutes. */
const readSaid = async (database: Database, range: CallRange): Promise<OwnValues> =>
  byKey(
    await database.query<Row>(
      `SELECT ${SLOT_OF_SAMPLE} AS slot_ms, segment AS name, groupUniqArrayArray(mapKeys(bins)) AS hashes
       FROM ${SAMPLES} WHERE ${EARLIER} AND signal = '${SEGMENT_VALUES}' GROUP BY slot_ms, name`,
      { ...range },
    ),
  );

/** The values that earlier ticks have by themselves. */
const readStored = async (database: Database, range: CallRange, names: readonly string[]): Promise<OwnValues> =>
  byKey(
    await database.query<Row>(
      `SELECT slot_ms, name, groupUniqArray(hash) AS hashes FROM (
         SELECT DISTINCT ${SLOT_OF_SAMPLE} AS slot_ms, ${NAME_AND_HASH} FROM ${SAMPLES}
         WHERE ${EARLIER} AND position(segment, '=') > 0)
       WHERE has({names:Array(String)}, name) GROUP BY slot_ms, name`,
      { ...range, names },
    ),
  );

const slotsOf = ({ from, to }: CallRange): readonly number[] =>
  Array.from({ length: Math.ceil((to - from) / SLOT_MS) }, (_, i) => from + i * SLOT_MS);

const readAllCommonest = async (
  database: Database,
  segmentation: Segmentation,
  sources: readonly SegmentedRows[],
): Promise<OwnValues> => {
  const all = new Map<string, ReadonlySet<string>>();
  for (const source of sources) {
    const commonest = await readCommonest(database, segmentation, source);
    for (const [name, hashes] of commonest) all.set(name, new Set([...(all.get(name) ?? []), ...hashes]));
  }
  return all;
};

/** The values by themselves of each minute, where not all are. */
const readOwn = async (
  database: Database,
  range: CallRange,
  segmentation: Segmentation,
  sources: readonly SegmentedRows[],
): Promise<OwnValues> => {
  const said = await readSaid(database, range);
  const commonest = await readAllCommonest(database, segmentation, sources);
  const stored: OwnValues = commonest.size === 0 ? new Map() : await readStored(database, range, [...commonest.keys()]);
  const begun = slotsOf(range).flatMap((slot) =>
    [...commonest].map(([name, hashes]) => {
      const key = keyOf(slot, name);
      const own: ReadonlySet<string> = new Set([...(stored.get(key) ?? []), ...hashes]);
      return [key, own] as const;
    }),
  );
  return new Map([...begun, ...said]);
};

const conditionSql = (own: OwnValues, slots: readonly number[], slot: string, name: string, hash: string): string => {
  const cases = slots.flatMap((at) => {
    const hashes = own.get(keyOf(at, name));
    return hashes === undefined ? [] : [`${slot} = ${at}, ${isOneOfHashes(hash, hashes)}`];
  });
  return `multiIf(${[...cases, "1"].join(", ")})`;
};

const cellOf = (slot: number, name: string, hashes: ReadonlySet<string>): Cell => ({
  ...callsCell(slot, "baseline", name, hashes.size),
  signal: SEGMENT_VALUES,
  bins: Object.fromEntries([...hashes].map((hash) => [hash, 1])),
});

/**
 * Which values are folded by themselves, minute by minute: the commonest among `sources` when the first tick that finds
 * too many looks at the minute, and what it has of its own by then. It stays so, and is stored: ticks are what the minute
 * holds less what earlier ones have of it, and a value that changed sides would be counted twice. One that is first
 * heard of later is among the others until the minute is over.
 */
export const readSlotValues = async (
  database: Database,
  range: CallRange,
  segmentation: Segmentation,
  sources: readonly SegmentedRows[],
): Promise<SlotValues> => {
  const { names } = segmentation;
  const own: OwnValues = names.length === 0 ? new Map() : await readOwn(database, range, segmentation, sources);
  const isBounded = (name: string): boolean => slotsOf(range).some((slot) => own.has(keyOf(slot, name)));
  return {
    segmentsSql: (slot) =>
      segmentsSql(segmentation, (name, hash) =>
        isBounded(name) ? conditionSql(own, slotsOf(range), slot, name, hash) : null,
      ),
    cells: (slots) =>
      [...slots].flatMap((slot) =>
        names.flatMap((name) => {
          const hashes = own.get(keyOf(slot, name));
          return hashes === undefined ? [] : [cellOf(slot, name, hashes)];
        }),
      ),
  };
};
