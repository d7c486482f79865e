import { isRecord } from "../../features/is-record.ts";

/** Longest text that is sent, characters: embedding models read no more than some thousand tokens. */
const MAX_CHARS = 8_000;

/** The body of a request for the vectors of two texts. */
export const embeddingsBody = (model: string, a: string, b: string): string =>
  JSON.stringify({ model, input: [a.slice(0, MAX_CHARS), b.slice(0, MAX_CHARS)], encoding_format: "float" });

const isVector = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "number" && Number.isFinite(each));

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, each, at) => sum + each * (b[at] ?? 0), 0);

/** The cosine of the two vectors of an answer, -1 to 1; null where it does not hold two of one length. */
export const cosineIn = (text: string): number | null => {
  try {
    const read: unknown = JSON.parse(text);
    const data = isRecord(read) && Array.isArray(read.data) ? read.data : [];
    const vectors = [0, 1].map((index) => {
      const found = data.find((each) => isRecord(each) && each.index === index) ?? data[index];
      return isRecord(found) && isVector(found.embedding) ? found.embedding : null;
    });
    const [a, b] = vectors;
    if (data.length !== 2 || !a || !b || a.length !== b.length) return null;
    const norm = Math.sqrt(dot(a, a) * dot(b, b));
    return norm > 0 ? Math.max(-1, Math.min(1, dot(a, b) / norm)) : null;
  } catch {
    return null;
  }
};
