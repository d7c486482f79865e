import type { Audience } from "../../core/audience.ts";
import type { SegmentOptionsByName } from "../../core/migration.ts";
import { OTHER_VALUE } from "../../core/sample.ts";
import { quoteText } from "../quote.ts";
import { ofAudienceSql, partPrefix } from "./audience-sql.ts";
import { normalisedSql } from "./normalised-sql.ts";

/** Segment names whose values are told apart, and how. */
export interface Segmentation {
  /** Names of `leeway.segment.*` attributes. */
  readonly names: readonly string[];
  /** Default: values are taken as they are. */
  readonly options?: SegmentOptionsByName | undefined;
  /** Parts of the traffic that are folded by themselves as well, segments included. Default: none. */
  readonly audiences?: readonly Audience[];
}

const OTHER = quoteText(OTHER_VALUE);

/**
 * SQL for the value that a call with a `segments` map has of a name, as it is judged. Texts that could be taken for what
 * rare values are called get one more star, so that none of an app's is ever that.
 */
export const segmentValueSql = (name: string, options: SegmentOptionsByName = {}): string => {
  const value = normalisedSql(name, options[name]?.normalise);
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

/** The same segments once more, for each audience that the row is of. */
const partsSql = (segments: string, audience: Audience): string =>
  `if(${ofAudienceSql(audience)}, arrayMap(s -> concat(${quoteText(partPrefix(audience))}, s), ${segments}), [])`;

/**
 * SQL for all segments that a row with a `segments` map is in: the overall one, those of the names, and all of them once more
 * within the audiences.
 */
export const segmentsSql = (segmentation: Segmentation, isOwn: IsOwn): string => {
  const own = `arrayConcat([''], ${namedSegmentsSql(segmentation, isOwn)})`;
  const { audiences = [] } = segmentation;
  if (audiences.length === 0) return own;
  // Written out once: with many values it is long.
  return `arrayMap(own -> arrayConcat(own, ${audiences.map((each) => partsSql("own", each)).join(", ")}), [${own}])[1]`;
};
