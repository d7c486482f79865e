import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type YAMLError,
  type YAMLMap,
} from "yaml";
import type { Problem } from "./problem.ts";

/** Deeper than any document of ours by far, and shallow enough for whatever walks through it afterwards. */
const MAX_DEPTH = 64;

/** So many mistakes are told; the others often follow from them. */
const MAX_PROBLEMS = 10;

const DEEP = `nested more than ${MAX_DEPTH} levels deep; expected YAML that is not`;

const TEXTS: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: "a second document begins here; expected one document in a file",
};

const errorText = ({ code, message }: YAMLError): string =>
  /call stack/i.test(message) ? DEEP : (TEXTS[code] ?? `${message}; expected YAML`);

type At = readonly [offset: number, text: string];

/** What is wrong with a key; null when it is a plain one. */
const keyText = (key: unknown): string | null => {
  if (!isScalar(key)) return "a key that is a list, a map or an alias; expected a name";
  return key.value === "__proto__" ? "__proto__ cannot be a key; expected another name" : null;
};

/** Everything our files do not use of YAML and that does harm: cycles, keys given twice, depth. */
const findIn = (document: Document): readonly At[] => {
  const found: At[] = [];
  const offset = (node: Node): number => node.range?.[0] ?? 0;
  const add = (node: unknown, fallback: Node, text: string): void =>
    void found.push([offset((node as Node | null) ?? fallback), text]);

  const checkAlias = (node: Node, above: readonly Node[]): void => {
    if (!isAlias(node)) return;
    const target = node.resolve(document);
    if (target === undefined)
      add(node, node, `*${node.source} names no anchor above it; expected &${node.source} before`);
    else if (above.includes(target)) {
      add(node, node, `*${node.source} stands inside what it names, which has no end; expected the value itself`);
    }
  };
  const walk = (node: unknown, above: readonly Node[]): void => {
    if (found.length >= MAX_PROBLEMS) return;
    if (isAlias(node)) checkAlias(node, above);
    else if (isSeq(node) || isMap(node)) {
      if (above.length >= MAX_DEPTH) add(node, node, DEEP);
      else if (isSeq(node)) for (const item of node.items) walk(item, [...above, node]);
      else walkMap(node, [...above, node]);
    }
  };
  const walkMap = (node: YAMLMap, inside: readonly Node[]): void => {
    const seen = new Set<string>();
    for (const { key, value } of node.items) {
      const name = String(isScalar(key) ? key.value : key);
      const text = seen.has(name) ? `the key ${JSON.stringify(name)} is there twice; expected it once` : keyText(key);
      if (text !== null) add(key, node, text);
      seen.add(name);
      walk(value, inside);
    }
  };
  walk(document.contents, []);
  return found;
};

/** The problems of a parsed document, each with its line and column; empty when it can be used. */
export const yamlProblems = (document: Document, lines: LineCounter, file: string): readonly Problem[] => {
  const errors = [...document.errors, ...document.warnings];
  const all: readonly At[] =
    errors.length > 0 ? errors.map((error) => [error.pos[0], errorText(error)] as const) : findIn(document);
  // what follows from the depth says nothing more
  const deep = all.find(([, text]) => text === DEEP);
  return (deep === undefined ? all : [deep]).slice(0, MAX_PROBLEMS).map(([offset, text]) => {
    const { line, col } = lines.linePos(offset);
    return { file, path: `line ${line}, column ${col}`, text };
  });
};
