import { MAX_SEGMENT_VALUES } from "../../core/migration.ts";
import type { Database } from "../database.ts";
import { hashOf, type IsOwn, namedSegmentsSql, type Segmentation } from "./segments-sql.ts";

/** Hashes of the values that are folded by themselves, for the names that have more than that. */
export type OwnValues = ReadonlyMap<string, ReadonlySet<string>>;

/** Where in a segment its name ends. */
const AT = "position(segment, '=')";

/** SQL for the name and the value's hash of a column `segment`. */
export const NAME_AND_HASH: string = `substring(segment, 1, ${AT} - 1) AS name, toString(${hashOf(`substring(segment, ${AT} + 1)`)}) AS hash`;

/** Rows with a `segments` map: SQL for a table and a condition, and the parameters of both. */
export interface SegmentedRows {
  readonly from: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * The commonest values among the rows, of the names that have more than `max` (default 200): a value with half a percent
 * of the rows that have the name is always one of them. Of equal ones those with
 * the smaller hash: the same rows give the same values.
 */
export const readCommonest = async (
  database: Database,
  segmentation: Segmentation,
  { from, params }: SegmentedRows,
  max: number = MAX_SEGMENT_VALUES,
): Promise<OwnValues> => {
  if (segmentation.names.length === 0) return new Map();
  const rows = await database.query<{ name: string; hash: string }>(
    `SELECT ${NAME_AND_HASH}, count() AS calls
     FROM (SELECT arrayJoin(${namedSegmentsSql(segmentation)}) AS segment FROM ${from})
     GROUP BY name, hash ORDER BY calls DESC, hash LIMIT {limit:UInt32} BY name`,
    { ...params, limit: max + 1 },
  );
  const byName = [...Map.groupBy(rows, ({ name }) => name)].filter(([, values]) => values.length > max);
  return new Map(byName.map(([name, values]) => [name, new Set(values.slice(0, max).map(({ hash }) => hash))]));
};

/** SQL condition: the hash is one of these. */
export const isOneOfHashes = (hash: string, hashes: ReadonlySet<string>): string =>
  hashes.size === 0 ? "0" : `${hash} IN (${[...hashes].map((each) => `toUInt64(${each})`).join(", ")})`;

/** Which values are folded by themselves, where that is the same for all rows. */
export const isOwnValue =
  (own: OwnValues): IsOwn =>
  (name, hash) => {
    const hashes = own.get(name);
    return hashes === undefined ? null : isOneOfHashes(hash, hashes);
  };
