import { LEEWAY } from "../../core/attributes.ts";
import type { Attributes } from "../../formats/dialects/read/attributes.ts";
import { textOf } from "../../formats/dialects/read/values.ts";

/** More segment names than a person can read; bounds what a broken app can store. */
const MAX_SEGMENTS = 16;
const MAX_CHARS = 64;

/** The `leeway.segment.<name>` attributes by name: at most 16, names and values at most 64 characters. */
export const segmentsOf = (attributes: Attributes): Readonly<Record<string, string>> => {
  const found: [string, string][] = [];
  for (const [key, value] of attributes) {
    if (!key.startsWith(LEEWAY.segmentPrefix) || found.length >= MAX_SEGMENTS) continue;
    const name = key.slice(LEEWAY.segmentPrefix.length, LEEWAY.segmentPrefix.length + MAX_CHARS);
    const text = textOf(value).slice(0, MAX_CHARS);
    if (name !== "" && text !== "") found.push([name, text]);
  }
  return Object.fromEntries(found);
};
