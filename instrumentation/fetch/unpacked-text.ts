import { brotliDecompressSync, gunzipSync, inflateSync, constants as zlib, zstdDecompressSync } from "node:zlib";

/** What is longer once it is unpacked is not looked at, bytes. */
const MAX_UNPACKED = 8 * 1024 * 1024;

type Unpack = (bytes: Uint8Array) => Uint8Array;

/** What is there of a stream that was cut is unpacked as well. */
const OPTIONS = { maxOutputLength: MAX_UNPACKED, finishFlush: zlib.Z_SYNC_FLUSH };

/** By the name of the encoding. */
const UNPACK: Readonly<Record<string, Unpack>> = {
  gzip: (bytes) => gunzipSync(bytes, OPTIONS),
  "x-gzip": (bytes) => gunzipSync(bytes, OPTIONS),
  deflate: (bytes) => inflateSync(bytes, OPTIONS),
  br: (bytes) => brotliDecompressSync(bytes, { ...OPTIONS, finishFlush: zlib.BROTLI_OPERATION_FLUSH }),
  zstd: (bytes) => zstdDecompressSync(bytes, { maxOutputLength: MAX_UNPACKED }),
};

/** True for the encodings that say that nothing is packed. */
export const isPlain = (encoding: string): boolean => encoding === "" || encoding.toLowerCase() === "identity";

/** The bytes before they were packed, at most 8 MiB; null where that cannot be done. */
export const unpacked = (bytes: Uint8Array, encoding: string): Uint8Array | null => {
  if (isPlain(encoding)) return bytes;
  const unpack = UNPACK[encoding.trim().toLowerCase()];
  try {
    return unpack?.(bytes) ?? null;
  } catch {
    return null;
  }
};

/** The text of a body that may be packed (gzip, deflate, br, zstd); empty where it cannot be unpacked. */
export const unpackedText = (body: ArrayBufferView | ArrayBuffer, encoding: string): string => {
  const bytes = ArrayBuffer.isView(body)
    ? new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
    : new Uint8Array(body);
  const plain = unpacked(bytes, encoding);
  return plain === null ? "" : new TextDecoder().decode(plain);
};

/** The text of a request's body, packed or not: at once, or, where it has to be unpacked, after the app's own work. */
export const requestText = (bytes: Uint8Array, encoding: string): string | Promise<string> =>
  isPlain(encoding)
    ? new TextDecoder().decode(bytes)
    : new Promise((resolve) => setImmediate(() => resolve(unpackedText(bytes, encoding))));
