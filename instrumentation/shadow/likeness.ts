import { isRecord } from "../../features/is-record.ts";

/** Longest text that is sent, characters: embedding models read no more than some thousand tokens. */
const MAX_CHARS = 8_000;

/** What is shown of two texts. */
export const embeddedTexts = (texts: readonly [string, string]): [string, string] => [
  texts[0].slice(0, MAX_CHARS),
  texts[1].slice(0, MAX_CHARS),
];

/** The body of a request for the vectors of two texts. */
export const embeddingsBody = (model: string, a: string, b: string): string =>
  JSON.stringify({ model, input: embeddedTexts([a, b]), encoding_format: "float" });

/** Longest vector that is read. */
const MAX_DIMENSIONS = 65_536;

const vectorOf = (value: unknown): readonly number[] | null => {
  const list: unknown = value instanceof Float32Array || value instanceof Float64Array ? Array.from(value) : value;
  if (!Array.isArray(list) || list.length === 0 || list.length > MAX_DIMENSIONS) return null;
  return list.every((each) => typeof each === "number" && Number.isFinite(each)) ? list : null;
};

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, each, at) => sum + each * (b[at] ?? 0), 0);

/** The cosine of a list of two vectors of one length, -1 to 1; null for anything else, and where one is zero. */
export const cosineOf = (vectors: unknown): number | null => {
  if (!Array.isArray(vectors) || vectors.length !== 2) return null;
  const [a, b] = vectors.map(vectorOf);
  if (!a || !b || a.length !== b.length) return null;
  const norm = Math.sqrt(dot(a, a) * dot(b, b));
  return norm > 0 && Number.isFinite(norm) ? Math.max(-1, Math.min(1, dot(a, b) / norm)) : null;
};

/** The same of the vectors that an endpoint like OpenAI's answers; null where it does not hold two of one length. */
export const cosineIn = (text: string): number | null => {
  try {
    const read: unknown = JSON.parse(text);
    const data = isRecord(read) && Array.isArray(read.data) ? read.data : [];
    if (data.length !== 2) return null;
    const found = [0, 1].map((index) => data.find((each) => isRecord(each) && each.index === index) ?? data[index]);
    return cosineOf(found.map((each) => (isRecord(each) ? each.embedding : null)));
  } catch {
    return null;
  }
};
