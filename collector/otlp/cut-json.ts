import { isUtf8 } from "node:buffer";
import { type OpenPiece, openPiece, type Piece } from "./body-piece.ts";
import type { DecodeLimits } from "./decode-limits.ts";
import { createPieceMeter, type PieceMeter } from "./piece-meter.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/** Resources are objects in a list in the body, scopes in a list in a resource, records in a list in a scope. */
const RECORD_DEPTH = 6;

/** About a millisecond of looking at bytes. */
const PAUSE_BYTES = 512 * 1024;

/** What is said of any body that does not parse: the parser's own message quotes the body, which may hold prompts. */
export const NOT_JSON = "the body is not valid JSON";

/** How far the search has come. */
interface Search {
  at: number;
  /** Objects and lists that are open. */
  depth: number;
  /** So many of them, from the outermost, are by turns an object and a list, as down to a record. */
  aligned: number;
  piece: OpenPiece;
  readonly around: OpenPiece[];
}

/** Offset of the quote that ends a string, or behind the body; `from` is behind the one that begins it. */
const endOfString = (body: Uint8Array, from: number): number => {
  let at = from;
  for (; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === QUOTE) break;
    if (byte === BACKSLASH) at += 1;
  }
  return at;
};

const beginPiece = (search: Search, at: number): void => {
  search.around.push(search.piece);
  search.piece = openPiece(at, -1);
};

const endPiece = (search: Search, end: number, meter: PieceMeter): void => {
  const { piece, around } = search;
  piece.end = end;
  meter.addComplete(piece);
  const outer = around.pop() ?? piece;
  outer.children.push(piece);
  search.piece = outer;
};

/** Goes on to `until`, or a little beyond. All that is counted at every byte is in variables: it is half as fast otherwise. */
const searchTo = (body: Uint8Array, search: Search, until: number, meter: PieceMeter): void => {
  let { at, depth, aligned } = search;
  let { values } = search.piece;
  let deepest = depth;
  for (; at < until; at += 1) {
    const byte = body[at];
    if (byte === QUOTE) at = endOfString(body, at + 1);
    else if (byte === COMMA) values += 1;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      const isObject = byte === OPEN_OBJECT;
      if (aligned === depth && isObject === (depth % 2 === 0)) {
        if (isObject && depth > 0) {
          meter.addPiece();
          search.piece.values = values;
          beginPiece(search, at);
          values = 0;
        }
        if (depth < RECORD_DEPTH) aligned = depth + 1;
      }
      values += 1;
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      depth -= 1;
      if (depth < aligned) aligned = depth;
      // a piece began where its depth is even and all levels around it are aligned
      if (depth === aligned && depth > 0 && search.around.length * 2 === depth) {
        search.piece.values = values;
        endPiece(search, at + 1, meter);
        values = search.piece.values;
      }
    }
  }
  search.piece.values = values;
  meter.checkDepth(deepest);
  meter.checkValues(values);
  Object.assign(search, { at, depth, aligned });
};

/**
 * Finds the resources, scopes and records in a body of OTLP/JSON by their place alone, and counts what they hold. A piece
 * need not be JSON yet; what is inside no piece belongs to the one around it. Yields null now and then. Throws BodyTooLarge,
 * and Error for what cannot be JSON.
 */
export function* cutJson(body: Uint8Array, limits: DecodeLimits): Generator<null, Piece> {
  // a body that is not UTF-8 is refused instead of being stored with replacement characters
  if (!isUtf8(body)) throw new Error(NOT_JSON);
  const meter = createPieceMeter(limits);
  const root = openPiece(0, body.length);
  const search: Search = { at: 0, depth: 0, aligned: 0, piece: root, around: [] };
  while (search.at < body.length) {
    searchTo(body, search, Math.min(body.length, search.at + PAUSE_BYTES), meter);
    yield null;
  }
  if (search.depth !== 0 || search.piece !== root) throw new Error(NOT_JSON);
  meter.addComplete(root);
  return root;
}
