/** JSON of a file as plain data, or what is wrong with it, in words without its content. */
export type JsonRead = { readonly value: unknown } | { readonly problem: string };

/** Deeper than any record of ours by far. */
const MAX_DEPTH = 64;

const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{},:]/g;

/** What valid JSON holds and our files must not: a key given twice, of which one would count, and endless nesting. */
const misuseIn = (json: string): string | null => {
  /** Keys of the objects around; null for a list. */
  const open: (Set<string> | null)[] = [];
  let text = "";
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === "{" || token === "[") open.push(token === "{" ? new Set() : null);
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const keys = open.at(-1);
      const key = String(JSON.parse(text));
      if (keys?.has(key)) return `the key ${text} is there twice; expected it once`;
      if (key === "__proto__") return "__proto__ cannot be a key; expected another name";
      keys?.add(key);
    } else if (token !== ",") text = token;
    if (open.length > MAX_DEPTH) return `nested more than ${MAX_DEPTH} levels deep; expected a few`;
  }
  return null;
};

/** Where JSON ends to be any, for people; the text around is left out, since it may be an answer. */
const placeIn = (error: unknown): string => {
  const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
  return position === undefined ? "" : ` (at character ${Number(position) + 1})`;
};

/** Parses one JSON text. `expected` says what should have been there. */
export const parseJson = (json: string, expected: string): JsonRead => {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { problem: `no JSON${placeIn(error)}; expected ${expected}` };
  }
  const misuse = misuseIn(json);
  return misuse === null ? { value } : { problem: misuse };
};
