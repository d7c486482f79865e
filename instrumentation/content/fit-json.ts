/** JSON of bounded length. */
export interface FittedJson {
  readonly json: string;
  /** True when something is missing. */
  readonly truncated: boolean;
}

/** Below this a text is cut no further; whole entries are left out instead. */
const MIN_TEXT = 32;

const cut = (text: string, chars: number): string =>
  text.length <= chars ? text : `${text.slice(0, chars).toWellFormed()}… [${text.length - chars} more]`;

/** Cuts every text in it; tool arguments that are JSON are values again where nothing is cut. */
const shortened = (value: unknown, chars: number): unknown =>
  JSON.parse(JSON.stringify(value), (_key, inner) => (typeof inner === "string" ? cut(inner, chars) : inner));

const bytesOf = (json: string): number => Buffer.byteLength(json, "utf8");

/**
 * JSON of a list in at most `maxBytes` bytes, still whole: long texts are cut and say how much is missing, then the
 * oldest entries are left out. An empty list when not even the newest fits.
 */
export const fitJson = (entries: readonly unknown[], maxBytes: number): FittedJson => {
  const whole = JSON.stringify(entries);
  if (bytesOf(whole) <= maxBytes) return { json: whole, truncated: false };
  for (let chars = maxBytes; chars >= MIN_TEXT; chars = Math.floor(chars / 2)) {
    const json = JSON.stringify(shortened(entries, chars));
    if (bytesOf(json) <= maxBytes) return { json, truncated: true };
  }
  const texts = entries.map((entry) => JSON.stringify(shortened(entry, MIN_TEXT)));
  let from = texts.length;
  let bytes = 2;
  while (from > 0 && bytes + bytesOf(texts[from - 1] ?? "") + 1 <= maxBytes) {
    from -= 1;
    bytes += bytesOf(texts[from] ?? "") + 1;
  }
  return { json: `[${texts.slice(from).join(",")}]`, truncated: true };
};
