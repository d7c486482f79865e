import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
} from "yaml";
import { messageOf } from "../../core/errors.ts";

/** Replaces what stands between two places of a text. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A configuration file as text and as a tree that knows where everything stands; JSON is YAML. */
export interface FlagText {
  readonly text: string;
  readonly document: Document;
  /** Names of the anchors that are used: what has one of them is somebody else's, too. */
  readonly shared: ReadonlySet<string>;
}

/** The text read, or what is wrong with it. `isJson`: what only YAML allows is wrong, too. */
export const parseFlagText = (text: string, isJson: boolean): FlagText | { readonly problem: string } => {
  try {
    if (isJson) JSON.parse(text);
    const document = parseDocument(text, { uniqueKeys: true, keepSourceTokens: true });
    const [error] = document.errors;
    if (error !== undefined) return { problem: error.message.split("\n", 1)[0] ?? "" };
    if (!isMap(document.contents)) return { problem: "it holds no map of flags" };
    const shared = new Set<string>();
    visit(document, { Alias: (_, { source }) => void shared.add(source) });
    return { text, document, shared };
  } catch (error) {
    return { problem: messageOf(error).split("\n", 1)[0] ?? "" };
  }
};

/** The text with all edits made, which do not overlap. */
export const applyEdits = (text: string, edits: readonly TextEdit[]): string =>
  edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((rest, edit) => rest.slice(0, edit.start) + edit.text + rest.slice(edit.end), text);

/** What a place of the tree holds, and whether it is this place's alone: nothing on the way to it is used elsewhere. */
export interface Place {
  readonly node: unknown;
  readonly isOwn: boolean;
}

/** A place without anything in it. */
export const NOWHERE: Place = { node: undefined, isOwn: true };

const placeOf = ({ document, shared }: FlagText, node: unknown, isOwn: boolean): Place => {
  if (isAlias(node)) return { node: (node as Alias).resolve(document), isOwn: false };
  const anchor = isMap(node) || isSeq(node) || isScalar(node) ? node.anchor : undefined;
  return { node, isOwn: isOwn && (anchor === undefined || !shared.has(anchor)) };
};

/** The file's outermost map. */
export const rootOf = (source: FlagText): Place => placeOf(source, source.document.contents, true);

/** What is under `key` of a map, or at this index of a list; nothing where there is none. */
export const under = (source: FlagText, { node, isOwn }: Place, key: string | number): Place => {
  if (isSeq(node) && typeof key === "number") return placeOf(source, node.items[key], isOwn);
  return isMap(node) ? placeOf(source, (node as YAMLMap).get(key, true), isOwn) : NOWHERE;
};

/** The entries of a map, or of a list under their indexes. */
export const entriesOf = (source: FlagText, place: Place): readonly (readonly [key: string, value: Place])[] => {
  const { node } = place;
  if (isSeq(node)) return node.items.map((_, at) => [String(at), under(source, place, at)]);
  if (!isMap(node)) return [];
  return node.items.map(({ key }) => {
    const name = isScalar(key) ? String(key.value) : String(key);
    return [name, under(source, place, name)];
  });
};

/** Text, number or truth of a place; undefined for anything else. */
export const scalarOf = ({ node }: Place): unknown => (isScalar(node) ? node.value : undefined);

/** Everything of a place as plain values; for comparing and for values that are objects. */
export const plainOf = ({ document }: FlagText, { node }: Place): unknown =>
  isMap(node) || isSeq(node) || isScalar(node) ? node.toJS(document, { maxAliasCount: 100 }) : undefined;

const quoted = (source: string, value: string): string => {
  if (source.startsWith('"')) return JSON.stringify(value);
  return source.startsWith("'") ? `'${value.replaceAll("'", "''")}'` : value;
};

/** The edit that gives a scalar another value, in the quotes it has; null when it is used elsewhere or is none. */
export const scalarEdit = (
  { text }: FlagText,
  { node, isOwn }: Place,
  value: string | number | boolean,
): TextEdit | null => {
  const range = isScalar(node) ? (node as Scalar).range : null;
  if (!isOwn || range === null || range === undefined) return null;
  const [start, end] = range;
  return { start, end, text: quoted(text.slice(start, end), String(value)) };
};

/** The edit that gives a map one more entry, as its first; null when the map is used elsewhere, empty or none. */
export const entryEdit = ({ text }: FlagText, { node, isOwn }: Place, key: string, value: string): TextEdit | null => {
  const first = isMap(node) ? node.items[0]?.key : undefined;
  const start = isScalar(first) ? first.range?.[0] : undefined;
  if (!isOwn || !isMap(node) || start === undefined) return null;
  if (node.flow === true) {
    const name = text[start] === '"' ? JSON.stringify(key) : key;
    return { start, end: start, text: `${name}: ${value}, ` };
  }
  const indent = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  if (indent.trim() !== "") return null;
  return { start, end: start, text: `${key}: ${value}${text.includes("\r\n") ? "\r\n" : "\n"}${indent}` };
};
