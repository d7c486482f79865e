import { isNode, LineCounter, parseDocument } from "yaml";

/** The keys of a path as problems write it: `cases[3].expect[0].range`. */
const keysOf = (path: string): readonly (string | number)[] =>
  [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key = ""]) => (index === undefined ? key : Number(index)));

/** Says on which line of a YAML text a path begins; the nearest one above it that is there; from 1. */
export const createLineFinder = (text: string): ((path: string) => number) => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: "error", uniqueKeys: false });
  return (path) => {
    const keys = keysOf(path);
    for (let length = keys.length; length > 0; length -= 1) {
      const node = document.getIn(keys.slice(0, length), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
};
