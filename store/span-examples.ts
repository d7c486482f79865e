import { unreachable } from "../core/exhaustive.ts";
import type { Finding, SpanId } from "../core/finding.ts";
import type { SegmentOptionsByName } from "../core/migration.ts";
import { SHAPE_FEATURES } from "../core/shape-features.ts";
import { type CatalogueSignal, SIGNALS } from "../core/signals.ts";
import type { Database } from "./database.ts";
import { momentOf } from "./epoch-sql.ts";
import { segmentValueSql } from "./fold/segments-sql.ts";
import { SPANS } from "./schema/llm-spans.ts";
import { packedValue, SIGNAL_COLUMNS } from "./signal-columns.ts";

/** Which calls of the canary are looked for: the newest ones that ended in [since, until) and show a finding. */
export interface ExampleRequest {
  readonly migration: string;
  /** How the values of its segments are told apart. Default: as they are. */
  readonly segmentOptions?: SegmentOptionsByName;
  /** Epoch ms. */
  readonly since: number;
  readonly until: number;
  readonly finding: Pick<Finding, "feature" | "segment" | "direction" | "label" | "baseline">;
  readonly limit: number;
}

/** A property of a call as SQL: its value as a number or text, and whether it is known. */
interface Property {
  readonly number: string;
  readonly text: string;
  readonly known: string;
}

const numberOf = (name: CatalogueSignal, value: string): string => {
  const { kind } = SIGNALS[name];
  switch (kind) {
    case "category":
      return "0";
    case "rate":
    case "value":
    case "score":
    case "labels":
      return `toFloat64(ifNull(${value}, 0))`;
    default:
      return unreachable(kind);
  }
};

const ofSignal = (name: CatalogueSignal): Property | null => {
  const column = SIGNAL_COLUMNS[name];
  if (column === undefined) return null;
  return { number: numberOf(name, column.value), text: `toString(${column.value})`, known: column.known };
};

const ofFeature = (name: string): Property => ({
  number: `features['${name}']`,
  text: `if(mapContains(features, '${name}'), ${packedValue(`features['${name}']`)}, toString(labels['${name}']))`,
  known: `error = 0 AND (mapContains(features, '${name}') OR labels['${name}'] != '')`,
});

/** What a call has to be like; names come from the catalogue, everything else is a parameter. Null: nothing to look for. */
const condition = ({ feature, direction, label }: ExampleRequest["finding"]): string | null => {
  if (feature === "key_paths") {
    return `error = 0 AND notEmpty(key_paths) AND ${direction === "down" ? "NOT " : ""}has(key_paths, {label:String})`;
  }
  const known = SHAPE_FEATURES.find(({ name }) => name === feature);
  if (known === undefined) return null;
  const property = known.signal === "output_features" ? ofFeature(known.name) : ofSignal(known.signal);
  if (property === null) return null;
  if (label !== null)
    return label === "other" ? property.known : `${property.known} AND ${property.text} = {label:String}`;
  if (known.kind === "flag") return `${property.known} AND ${property.number} = ${direction === "down" ? 0 : 1}`;
  return `${property.known} AND ${property.number} ${direction === "down" ? "<" : ">"} {baseline:Float64}`;
};

/** `faq` of `input_type=faq`; every call is in the segment "". */
const inSegment = (segment: string): { readonly name: string; readonly value: string } => {
  const at = segment.indexOf("=");
  return { name: segment.slice(0, Math.max(0, at)), value: segment.slice(at + 1) };
};

/** See Store.exampleSpans. */
export const exampleSpans = async (database: Database, request: ExampleRequest): Promise<readonly SpanId[]> => {
  const { migration, segmentOptions, since, until, finding, limit } = request;
  const shows = condition(finding);
  if (shows === null) return [];
  const { name, value } = inSegment(finding.segment);
  const inIt = name === "" ? "1" : `${segmentValueSql(name, segmentOptions)} = {value:String}`;
  return database.query<SpanId>(
    `SELECT trace_id, span_id FROM ${SPANS}
     WHERE migration = {migration:String} AND cohort = 'canary'
       AND end_ms >= ${momentOf("since")} AND end_ms < ${momentOf("until")}
       AND ${inIt} AND ${shows}
     ORDER BY end_ms DESC, trace_id LIMIT 1 BY trace_id, span_id LIMIT {limit:UInt8}`,
    {
      ...{ migration, since: Math.floor(since), until: Math.ceil(until), value, limit },
      ...{ label: finding.label ?? "", baseline: finding.baseline ?? 0 },
    },
  );
};
