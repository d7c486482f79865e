import { parseObject } from "../../json/read-json.ts";
import type { Source } from "../dialect.ts";
import type { AttributeValue, DialectSpan } from "./attributes.ts";

/** JSON attributes hold parameters or usage; one that is larger holds an answer and is not worth parsing. */
const MAX_JSON_CHARS = 65_536;

const memberOf = (value: AttributeValue | undefined, member: string): AttributeValue => {
  if (typeof value !== "string" || value.length > MAX_JSON_CHARS || !value.includes(`"${member}"`)) return null;
  const parsed = parseObject(value);
  return parsed !== null && Object.hasOwn(parsed, member) ? ((parsed[member] as AttributeValue) ?? null) : null;
};

const sumOf = (value: AttributeValue | undefined, names: RegExp): number | null => {
  if (typeof value !== "string" || value.length > MAX_JSON_CHARS) return null;
  const counts = Object.entries(parseObject(value) ?? {}).filter(
    ([name, count]) => names.test(name) && typeof count === "number",
  );
  return counts.length === 0 ? null : counts.reduce((sum, [, count]) => sum + (count as number), 0);
};

const sinceStart = (value: AttributeValue | undefined, startMs: number): number | null => {
  if (typeof value !== "string") return null;
  // Langfuse writes the timestamp as JSON, in quotes
  const at = Date.parse(value.replaceAll('"', ""));
  return Number.isFinite(at) && at >= startMs ? at - startMs : null;
};

/** The value a source yields for a span; null where the span does not have it. */
export const readSource = (span: DialectSpan, source: Source): AttributeValue => {
  if (typeof source === "string") return span.attributes.get(source) ?? null;
  const value = span.attributes.get(source.key);
  if ("member" in source) return memberOf(value, source.member);
  if ("sum" in source) return sumOf(value, source.sum);
  if ("endsIn" in source) return typeof value === "string" && value.endsWith(source.endsIn) ? true : null;
  if ("sinceStart" in source) return sinceStart(value, span.startMs);
  if ("upTo" in source) return typeof value === "string" ? (value.split(source.upTo, 1)[0] ?? null) : null;
  const number = Number(value ?? Number.NaN);
  return Number.isFinite(number) ? number * source.times : null;
};
