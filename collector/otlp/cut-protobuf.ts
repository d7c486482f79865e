import protobuf from "protobufjs/light.js";
import { type OpenPiece, openPiece, type Piece } from "./body-piece.ts";
import type { DecodeLimits } from "./decode-limits.ts";
import { fieldOf, type MessageShape, shapeOf } from "./message-shape.ts";
import { createPieceMeter, type PieceMeter } from "./piece-meter.ts";
import type { Signal } from "./signal.ts";

const LENGTH_DELIMITED = 2;
const GROUP_START = 3;

/** About a millisecond of looking at fields. */
const PAUSE_FIELDS = 32_768;

/** A field in the bytes: behind its tag, and behind its length where it has one. */
interface WireField {
  readonly id: number;
  /** Offset of the end of a length-delimited field; -1 for any other, which has been passed. */
  readonly end: number;
}

const overrun = (): Error => new Error("a field is longer than the message around it");

const nextField = (reader: protobuf.Reader, end: number): WireField => {
  const tag = reader.uint32();
  const [id, wireType] = [tag >>> 3, tag & 7];
  if (wireType === GROUP_START) throw new Error("groups are no part of OTLP");
  if (wireType !== LENGTH_DELIMITED) reader.skipType(wireType);
  const length = wireType === LENGTH_DELIMITED ? reader.uint32() : 0;
  if (reader.pos + length > end) throw overrun();
  return { id, end: wireType === LENGTH_DELIMITED ? reader.pos + length : -1 };
};

/** Counts the fields of a message, and of the messages in it, to `end`. */
const countFields = (
  reader: protobuf.Reader,
  end: number,
  shape: MessageShape,
  depth: number,
  piece: OpenPiece,
  meter: PieceMeter,
): void => {
  meter.checkDepth(depth);
  while (reader.pos < end) {
    meter.checkValues(++piece.values);
    const field = nextField(reader, end);
    if (field.end < 0) continue;
    const inner = shape[field.id];
    if (inner === undefined) reader.pos = field.end;
    else countFields(reader, field.end, inner, depth + 1, piece, meter);
  }
};

/** The messages down to a record: what else is in them, and which of their fields holds those of the next level. */
interface Level {
  readonly shape: MessageShape;
  readonly child: number;
}

const levelsOf = ({ request, path }: Pick<Signal<unknown>, "request" | "path">): readonly Level[] => {
  let message: string = request;
  return path.map((name) => {
    const { id, type } = fieldOf(message, name);
    const shape = shapeOf(message) ?? [];
    message = type;
    return { shape, child: id };
  });
};

/**
 * Finds the resources, scopes and records in a protobuf body, and counts what they hold; what is in a field that is not
 * known is not looked at. Yields null now and then. Throws BodyTooLarge, and Error for what is no such message.
 */
export function* cutProtobuf(
  body: Uint8Array,
  signal: Pick<Signal<unknown>, "request" | "path" | "record">,
  limits: DecodeLimits,
): Generator<null, Piece> {
  const [levels, recordShape] = [levelsOf(signal), shapeOf(signal.record) ?? []];
  const reader = protobuf.Reader.create(body);
  const meter = createPieceMeter(limits);
  const root = openPiece(0, body.length);
  const open = [root];
  let seen = 0;
  for (let piece: OpenPiece | undefined = root; piece !== undefined; piece = open.at(-1)) {
    const level = levels[open.length - 1];
    if (reader.pos >= piece.end || level === undefined) {
      meter.addComplete(piece);
      open.pop();
      continue;
    }
    meter.checkValues(++piece.values);
    const field = nextField(reader, piece.end);
    if (field.end < 0) continue;
    const inner = level.shape[field.id];
    if (field.id === level.child) {
      meter.addPiece();
      const child = openPiece(reader.pos, field.end);
      piece.children.push(child);
      open.push(child);
      // a record is the last level: all of it is counted, and it is closed in the next round
      if (open.length > levels.length) countFields(reader, field.end, recordShape, open.length, child, meter);
      seen += child.values;
    } else if (inner === undefined) reader.pos = field.end;
    else countFields(reader, field.end, inner, open.length + 1, piece, meter);
    seen += 1;
    if (seen >= PAUSE_FIELDS) {
      seen = 0;
      yield null;
    }
  }
  return root;
}
