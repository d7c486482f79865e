import type { Features, Labels } from "../core/features.ts";
import type { Answer, AskedFor } from "./answer.ts";
import { isRecord } from "./is-record.ts";
import { enumeratedPaths } from "./json/enumerated-paths.ts";
import { type FoundJson, findJson } from "./json/find-json.ts";
import { type KeyPaths, keyPathsOf } from "./json/key-paths.ts";
import { matchesSchema } from "./json/matches-schema.ts";
import { MAX_JSON_CHARS } from "./json/parse-json.ts";

/** The family `structure` of one answer. */
export interface Structure {
  /** Whether the whole answer parses; null when JSON was not asked for or cannot be judged. */
  readonly jsonValid: boolean | null;
  readonly features: Features;
  readonly labels: Labels;
  /** See KeyPaths.paths; empty without JSON. */
  readonly keyPaths: readonly string[];
}

const NOTHING: Structure = { jsonValid: null, features: {}, labels: {}, keyPaths: [] };

/** An answer that was not asked for JSON is only looked into when it is an object, a list or a fence of it. */
const looksLikeJson = (text: string): boolean => /^\s{0,20}(?:[{[]|(?:```|~~~)json)/.test(text.slice(0, 40));

const schemaFeature = (found: FoundJson, schema: unknown): Features => {
  // Like every caller of JSON.parse: an answer with a fence around it does not match.
  const matches = found.whole ? matchesSchema(schema, found.value) : false;
  return matches === null ? {} : { schema_valid: Number(matches) };
};

/** Where an answer in JSON states how sure it is. */
export const CONFIDENCE_KEYS: readonly string[] = ["confidence", "confidence_score", "certainty"];

/** A number from 0 to 1, or a percentage, that the answer gives as its own confidence. */
const selfConfidence = (value: unknown): Features => {
  if (!isRecord(value)) return {};
  const key = CONFIDENCE_KEYS.find((name) => Object.hasOwn(value, name));
  const stated = key === undefined ? null : value[key];
  if (typeof stated !== "number" || !(stated >= 0 && stated <= 100)) return {};
  return { self_confidence: stated > 1 ? stated / 100 : stated };
};

const askedFeatures = (found: FoundJson | null, schema: unknown): Features => ({
  json_recoverable: Number(found !== null),
  ...(found === null ? {} : { json_preamble: Number(found.preamble), json_commentary: Number(found.commentary) }),
  ...(schema == null ? {} : found === null ? { schema_valid: 0 } : schemaFeature(found, schema)),
});

const shapeFeatures = ({ depth, nulls, emptyArrays }: KeyPaths): Features => ({
  ...{ json_depth: depth, json_nulls: nulls, json_empty_arrays: emptyArrays },
});

/**
 * What can be said of the answer as JSON. Unknown for answers that are not complete, that come with tool calls, or
 * that are longer than 128 Ki characters.
 */
export const structureOf = ({ text, chars, toolCalls }: Answer, { json, schema }: AskedFor): Structure => {
  if (text === null || text.length !== chars || text.length > MAX_JSON_CHARS || toolCalls.length > 0) return NOTHING;
  if (!json && !looksLikeJson(text)) return NOTHING;
  const found = findJson(text);
  const asked = json ? askedFeatures(found, schema) : {};
  const jsonValid = json ? found?.whole === true : null;
  const holdsKeys = found !== null && typeof found.value === "object" && found.value !== null;
  if (!holdsKeys) return { ...NOTHING, jsonValid, features: asked };
  const paths = keyPathsOf(found.value, enumeratedPaths(schema));
  return {
    jsonValid,
    features: { ...asked, ...shapeFeatures(paths), ...selfConfidence(found.value) },
    labels: { json_shape: paths.shape },
    keyPaths: paths.paths,
  };
};
