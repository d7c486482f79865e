import type { Piece } from "./body-piece.ts";
import type { CutBody } from "./cut-body.ts";
import { NOT_JSON } from "./cut-json.ts";
import { type Fields, messagesIn, rootFields } from "./fields.ts";

/** Stands in the text of a piece where a child was: `{"child":7}`. No other object can be where children are. */
const CHILD = "child";

const textOf = (body: Buffer, { start, end, children }: Piece): string => {
  if (children.length === 0) return body.toString("utf8", start, end);
  const parts: string[] = [];
  let at = start;
  for (const [index, child] of children.entries()) {
    parts.push(body.toString("utf8", at, child.start), `{"${CHILD}":${index}}`);
    at = child.end;
  }
  parts.push(body.toString("utf8", at, end));
  return parts.join("");
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(NOT_JSON);
  }
};

const BYTE_ORDER_MARK = "\ufeff";

/** The pieces of an OTLP/JSON body that cutJson cut. */
export const jsonBody = (bytes: Uint8Array, root: Piece): CutBody => {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    root,
    fields: (piece, level) => {
      const text = textOf(body, piece);
      return rootFields(parse(level === "body" && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text));
    },
    *children(piece, fields: Fields, name) {
      for (const placeholder of messagesIn(fields, name)) {
        const child = piece.children[Number(placeholder[CHILD])];
        if (child !== undefined) yield child;
      }
    },
  };
};
