import { extendChecksum } from "./checksum.ts";

/**
 * Every line of a segment ends in one cell more than its row has: `"#` and the CRC-32 of what stands before that cell,
 * so that a damaged row is told from its neighbours. The checksum begins with that of the segment's token: a row that a
 * disk put into another segment fails there. The first line says the token, too, so that a damaged name can be mended.
 *
 * It is a cell of the row because versions that know no checksums then take it for a row of a newer version, and leave
 * it alone.
 */
const [NEWLINE, QUOTE, HASH, COMMA, CLOSE] = [10, 0x22, 0x23, 0x2c, 0x5d];

/** `,"#1a2b3c4d"]` */
const CHECK_BYTES = 13;

/** `,"#1a2b3c4d 0123456789abcdef-7"]` */
const OWNER_CHECK = /,"#([0-9a-f]{8}) ([0-9a-f]{16}-[1-9]\d{0,9})"\]$/;
const OWNER_CHECK_BYTES = CHECK_BYTES + 1 + 16 + 1 + 10;

const DIGITS = Buffer.from("0123456789abcdef");

/** The checksum that those of a segment's rows begin with. */
const seedOf = (token: string): number => extendChecksum(0, Buffer.from(token));

const writeHex = (value: number, into: Uint8Array, at: number): void => {
  for (let digit = 0; digit < 8; digit += 1) into[at + digit] = DIGITS[(value >>> (28 - 4 * digit)) & 15] ?? 0;
};

/** Eight lower-case hex digits; NaN for anything else. */
const readHex = (from: Uint8Array, at: number): number => {
  let value = 0;
  for (let digit = 0; digit < 8; digit += 1) {
    const byte = from[at + digit] ?? 0;
    const isDigit = byte >= 0x30 && byte <= 0x39;
    if (!isDigit && !(byte >= 0x61 && byte <= 0x66)) return Number.NaN;
    value = value * 16 + byte - (isDigit ? 0x30 : 0x57);
  }
  return value;
};

/**
 * Whole lines of `rows` rows, each a JSON array, with their checksums. `isFirst`: they begin the segment, and the first
 * of them names it. Throws where a line is no array: nothing else could be read again.
 */
export const sealLines = (
  lines: Uint8Array,
  rows: number,
  { token, isFirst }: { readonly token: string; readonly isFirst: boolean },
): Buffer => {
  const from = Buffer.from(lines.buffer, lines.byteOffset, lines.length);
  const owner = isFirst ? ` ${token}` : "";
  const sealed = Buffer.allocUnsafe(from.length + rows * (CHECK_BYTES - 1) + owner.length);
  const seed = seedOf(token);
  let [begin, at] = [0, 0];
  for (let row = 0; row < rows; row += 1) {
    const end = from.indexOf(NEWLINE, begin);
    if (end < 1 || from[end - 1] !== CLOSE) throw new Error(`row ${row} of ${rows} is no line of cells`);
    at += from.copy(sealed, at, begin, end - 1);
    at += sealed.write(',"#', at, "latin1");
    writeHex(extendChecksum(seed, from.subarray(begin, end - 1)), sealed, at);
    at += 8;
    if (row === 0) at += sealed.write(owner, at, "latin1");
    at += sealed.write('"]\n', at, "latin1");
    begin = end + 1;
  }
  return sealed.subarray(0, at);
};

/** What a whole line is: how many of its bytes are the row, without the closing bracket, and its checksum. */
export interface WholeLine {
  readonly rowBytes: number;
  readonly checksum: number;
}

/** Checks a line, without its newline; null where it is damaged. */
export type CheckLine = (line: Buffer) => WholeLine | null;

/** How many bytes of a line are its row, as its end says; 0 where its end is none. */
const rowBytesOf = (line: Buffer): number => {
  const at = line.length - CHECK_BYTES;
  if (line[at] === COMMA && line[at + 1] === QUOTE && line[at + 2] === HASH) {
    return line[line.length - 2] === QUOTE && line[line.length - 1] === CLOSE ? at : 0;
  }
  const cell = OWNER_CHECK.exec(line.toString("latin1", Math.max(0, line.length - OWNER_CHECK_BYTES)))?.[0];
  return cell === undefined ? 0 : line.length - cell.length;
};

/** Reads the lines of the segment with this token. */
export const createLineCheck = (token: string): CheckLine => {
  const seed = seedOf(token);
  return (line) => {
    const rowBytes = rowBytesOf(line);
    if (rowBytes <= 0) return null;
    const checksum = extendChecksum(seed, line.subarray(0, rowBytes));
    return readHex(line, rowBytes + 3) === checksum ? { rowBytes, checksum } : null;
  };
};

/** The token that the first line of a segment names; null where it names none, or is damaged. */
export const tokenIn = (firstLine: Buffer): string | null => {
  const end = firstLine.toString("latin1", Math.max(0, firstLine.length - OWNER_CHECK_BYTES));
  const token = OWNER_CHECK.exec(end)?.[2] ?? null;
  return token !== null && createLineCheck(token)(firstLine) !== null ? token : null;
};
