import { unreachable } from "../../core/exhaustive.ts";
import type { SegmentOptionsByName } from "../../core/migration.ts";
import type { Normalisation } from "../../core/normalisations.ts";
import { OTHER_VALUE } from "../../core/sample.ts";
import { quoteText } from "../quote.ts";

/** Segment names whose values are told apart, and how. */
export interface Segmentation {
  /** Names of `leeway.segment.*` attributes. */
  readonly names: readonly string[];
  /** Default: values are taken as they are. */
  readonly options?: SegmentOptionsByName | undefined;
}

/** Blanks as JavaScript's trim() knows them; ClickHouse's own knows the space alone. */
const BLANKS = String.raw`[\s\x0B\x{FEFF}\p{Z}]+`;

const normalised = (value: string, how: Normalisation): string => {
  switch (how) {
    case "trim":
      return `replaceRegexpAll(${value}, ${quoteText(`^${BLANKS}|${BLANKS}$`)}, '')`;
    case "lower":
      return `lowerUTF8(${value})`;
    default:
      return unreachable(how);
  }
};

const OTHER = quoteText(OTHER_VALUE);

/**
 * SQL for the value that a call with a `segments` map has of a name, as it is judged. Texts that could be taken for what
 * rare values are called get one more star, so that none of an app's is ever that.
 */
export const segmentValueSql = (name: string, options: SegmentOptionsByName = {}): string => {
  const value = (options[name]?.normalise ?? []).reduce(normalised, `segments[${quoteText(name)}]`);
  return `if(endsWith(${value}, ${OTHER}) AND match(${value}, '^[*]+other[*]$'), concat('*', ${value}), ${value})`;
};

/** SQL for what the values that are folded by themselves are known by. */
export const hashOf = (value: string): string => `cityHash64(${value})`;

/** SQL condition for a value's hash: whether the value of the name is folded by itself. Null: all of the name are. */
export type IsOwn = (name: string, hash: string) => string | null;

const segmentSql = (name: string, { options }: Segmentation, isOwn: IsOwn): string => {
  const value = segmentValueSql(name, options);
  const own = isOwn(name, hashOf(value));
  const folded = own === null ? value : `if(${own}, ${value}, ${OTHER})`;
  return `if(mapContains(segments, ${quoteText(name)}), concat(${quoteText(`${name}=`)}, ${folded}), '')`;
};

/** SQL for the segments beside the overall one that a row with a `segments` map is in. */
export const namedSegmentsSql = (segmentation: Segmentation, isOwn: IsOwn = () => null): string =>
  segmentation.names.length === 0
    ? "CAST([], 'Array(String)')"
    : `arrayFilter(x -> x != '', [${segmentation.names.map((name) => segmentSql(name, segmentation, isOwn)).join(",\n")}])`;

/** SQL for all segments that a row with a `segments` map is in: the overall one, and those of the names. */
export const segmentsSql = (segmentation: Segmentation, isOwn: IsOwn): string =>
  `arrayConcat([''], ${namedSegmentsSql(segmentation, isOwn)})`;
