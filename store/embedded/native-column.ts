import type { NativeType } from "./native-type.ts";

/** Reads along a block of the Native format. */
export interface NativeCursor {
  readonly bytes: Buffer;
  at: number;
}

/** Reads an unsigned LEB128 number. */
export const readVarUint = (cursor: NativeCursor): number => {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = cursor.bytes.readUInt8(cursor.at);
    cursor.at += 1;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
  }
};

const readUint64 = (cursor: NativeCursor): number => {
  cursor.at += 8;
  return Number(cursor.bytes.readBigUInt64LE(cursor.at - 8));
};

const WIDTHS: readonly (readonly [width: number, names: RegExp])[] = [
  [1, /^(U?Int8|Bool|Enum8|Nothing)$/],
  [2, /^(U?Int16|Date|Enum16|BFloat16)$/],
  [4, /^(U?Int32|Float32|Date32|DateTime|IPv4|Decimal32|Time)$/],
  [8, /^(U?Int64|Float64|DateTime64|Decimal64|Time64|Interval\w+)$/],
  [16, /^(U?Int128|UUID|IPv6|Decimal128)$/],
  [32, /^(U?Int256|Decimal256)$/],
];

const decimalWidth = (precision: number): number =>
  (
    [
      [9, 4],
      [18, 8],
      [38, 16],
    ] as const
  ).find(([most]) => precision <= most)?.[1] ?? 32;

/** Bytes of one value of a type of fixed width; a RangeError for the types without, and for those nobody reads here. */
const widthOf = ({ name, args }: NativeType): number => {
  if (name === "FixedString") return Number(args[0]);
  if (name === "Decimal") return decimalWidth(Number(args[0]));
  const width = WIDTHS.find(([, names]) => names.test(name))?.[0];
  if (width === undefined) throw new RangeError(`Native: type ${name} is not supported here; cast it to String`);
  return width;
};

const skipStrings = (cursor: NativeCursor, rows: number): void => {
  for (let row = 0; row < rows; row += 1) {
    const length = readVarUint(cursor);
    cursor.at += length;
  }
};

const OFFSET_BYTES = 8;

const skipArrays = (cursor: NativeCursor, inner: readonly NativeType[], rows: number): void => {
  if (rows === 0) return;
  cursor.at += (rows - 1) * OFFSET_BYTES;
  const elements = readUint64(cursor);
  for (const type of inner) skipData(cursor, type, elements);
};

const ADDITIONAL_KEYS = 0x200;

const skipDictionary = (cursor: NativeCursor, inner: NativeType, rows: number): void => {
  if (rows === 0) return;
  const flags = readUint64(cursor);
  if (flags & ADDITIONAL_KEYS) skipData(cursor, inner.name === "Nullable" ? only(inner) : inner, readUint64(cursor));
  const indexes = readUint64(cursor);
  cursor.at += indexes * 2 ** (flags & 0xf);
};

const only = ({ name, inner }: NativeType): NativeType => {
  const [type] = inner;
  if (type === undefined) throw new RangeError(`Native: type ${name} has no argument`);
  return type;
};

/** Dictionaries state their version before any value of the whole column. */
const skipPrefix = (cursor: NativeCursor, type: NativeType): void => {
  if (type.name === "LowCardinality") cursor.at += 8;
  else for (const inner of type.inner) skipPrefix(cursor, inner);
};

const skipData = (cursor: NativeCursor, type: NativeType, rows: number): void => {
  const skip = SKIPS[type.name];
  if (skip === undefined) cursor.at += widthOf(type) * rows;
  else skip(cursor, type, rows);
};

type Skip = (cursor: NativeCursor, type: NativeType, rows: number) => void;

const skipArray: Skip = (cursor, type, rows) => skipArrays(cursor, type.inner, rows);

const SKIPS: Readonly<Record<string, Skip>> = {
  String: (cursor, _type, rows) => skipStrings(cursor, rows),
  Nullable: (cursor, type, rows) => {
    cursor.at += rows;
    skipData(cursor, only(type), rows);
  },
  SimpleAggregateFunction: (cursor, type, rows) => skipData(cursor, only(type), rows),
  LowCardinality: (cursor, type, rows) => skipDictionary(cursor, only(type), rows),
  Tuple: (cursor, type, rows) => {
    for (const inner of type.inner) skipData(cursor, inner, rows);
  },
  Array: skipArray,
  Map: skipArray,
  Nested: skipArray,
};

/** Moves the cursor behind the values of one column. RangeError for a type it does not know. */
export const skipColumn = (cursor: NativeCursor, type: NativeType, rows: number): void => {
  if (rows === 0) return;
  skipPrefix(cursor, type);
  skipData(cursor, type, rows);
};
