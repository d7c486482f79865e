const latin1 = (value: unknown): string =>
  value instanceof Uint8Array
    ? Buffer.from(value.buffer, value.byteOffset, value.length).toString("latin1")
    : String(value);

/** Names and values one after the other, or lines of text, as versions of undici write them. */
const pairsOf = (given: unknown): readonly (readonly [name: string, value: string])[] => {
  if (typeof given === "string") {
    return given.split("\r\n").flatMap((line) => {
      const at = line.indexOf(":");
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1).trim()] as const] : [];
    });
  }
  if (!Array.isArray(given)) return [];
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < given.length; at += 2) {
    const value: unknown = given[at + 1];
    pairs.push([latin1(given[at]), Array.isArray(value) ? value.map(latin1).join(", ") : latin1(value)]);
  }
  return pairs;
};

/** The headers of undici's requests and answers, in the form fetch has them. */
export const undiciHeaders = (given: unknown): Headers => {
  const headers = new Headers();
  for (const [name, value] of pairsOf(given)) headers.append(name, value);
  return headers;
};
