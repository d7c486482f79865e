import { type NativeCursor, readVarUint, skipColumn } from "./native-column.ts";
import { parseNativeType } from "./native-type.ts";

/** From this revision on every column says whether it uses a custom serialization. */
const WITH_CUSTOM_SERIALIZATION = 54_454;

/** `is_overflows` false and `bucket_num` -1, as for every answer to a client. */
const BLOCK_INFO = Uint8Array.of(1, 0, 2, 255, 255, 255, 255, 0);

const NO_CUSTOM_SERIALIZATION = Uint8Array.of(0);

const skipText = (cursor: NativeCursor): string => {
  const length = readVarUint(cursor);
  cursor.at += length;
  return cursor.bytes.toString("utf8", cursor.at - length, cursor.at);
};

const reframeBlock = (cursor: NativeCursor, revision: number): readonly Uint8Array[] => {
  const pieces: Uint8Array[] = [BLOCK_INFO];
  let start = cursor.at;
  const piece = (): Uint8Array => {
    const bytes = cursor.bytes.subarray(start, cursor.at);
    start = cursor.at;
    return bytes;
  };
  const columns = readVarUint(cursor);
  const rows = readVarUint(cursor);
  for (let column = 0; column < columns; column += 1) {
    skipText(cursor);
    const type = parseNativeType(skipText(cursor));
    pieces.push(piece());
    if (revision >= WITH_CUSTOM_SERIALIZATION) pieces.push(NO_CUSTOM_SERIALIZATION);
    skipColumn(cursor, type, rows);
  }
  return [...pieces, piece()];
};

/**
 * Turns the Native format of files, which is what the engine writes, into the blocks a native client of protocol
 * `revision` reads: a block header, and from revision 54454 a flag per column. Clients written in Go, Grafana's data
 * source among them, ask for it with `client_protocol_version`. RangeError for a type whose length is unknown here.
 */
export const reframeNative = (file: Uint8Array, revision: number): Uint8Array => {
  const cursor: NativeCursor = { bytes: Buffer.from(file.buffer, file.byteOffset, file.byteLength), at: 0 };
  const pieces: Uint8Array[] = [];
  while (cursor.at < file.length) pieces.push(...reframeBlock(cursor, revision));
  return Buffer.concat(pieces);
};
