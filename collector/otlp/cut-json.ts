import { isUtf8 } from "node:buffer";
import { type OpenPiece, openPiece, type Piece } from "./body-piece.ts";
import type { DecodeLimits } from "./decode-limits.ts";
import { createPieceMeter } from "./piece-meter.ts";

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

/** Offset of the quote that ends a string; `from` is behind the one that begins it. */
const endOfString = (body: Uint8Array, from: number): number => {
  let at = from;
  for (let byte = body[at]; byte !== QUOTE && byte !== undefined; byte = body[at]) at += byte === BACKSLASH ? 2 : 1;
  return at;
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
  const around: OpenPiece[] = [];
  let piece = root;
  let [depth, pauseAt] = [0, PAUSE_BYTES];
  /** So many of the open levels, from the outermost, are by turns an object and a list, as down to a record. */
  let aligned = 0;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === QUOTE) at = endOfString(body, at + 1);
    else if (byte === COMMA) piece.values += 1;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      const isObject = byte === OPEN_OBJECT;
      if (aligned === depth && isObject === (depth % 2 === 0)) {
        if (isObject && depth > 0) {
          meter.addPiece();
          around.push(piece);
          piece = openPiece(at, -1);
        }
        if (depth < RECORD_DEPTH) aligned = depth + 1;
      }
      piece.values += 1;
      depth += 1;
      meter.checkDepth(depth);
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      depth -= 1;
      if (depth < aligned) aligned = depth;
      // a piece began where its depth is even and all levels around it are aligned
      if (depth === aligned && depth > 0 && around.length * 2 === depth) {
        piece.end = at + 1;
        meter.addComplete(piece);
        const outer = around.pop() ?? root;
        outer.children.push(piece);
        piece = outer;
      }
    }
    if (at >= pauseAt) {
      pauseAt = at + PAUSE_BYTES;
      meter.checkValues(piece.values);
      yield null;
    }
  }
  if (depth !== 0 || piece !== root) throw new Error(NOT_JSON);
  meter.addComplete(root);
  return root;
}
