import { promisify } from "node:util";
import { gunzip, type InputType, type ZlibOptions } from "node:zlib";

/** How inflating a body ended. */
export type Inflated =
  | { readonly outcome: "inflated"; readonly bytes: Uint8Array }
  /** It would be larger than the limit. */
  | { readonly outcome: "too-large" }
  /** Broken gzip. */
  | { readonly outcome: "malformed" };

/** Batches of equal spans, the best case of gzip, shrink to a sixtieth; gzip itself can do a thousandth. */
const MAX_RATIO = 200;

/** A body this small may be inflated from as little as gzip can. */
const ANY_RATIO_BYTES = 1024 ** 2;

/** Chunks of the default size, 16 KiB, would take a thousand rounds of the event loop for a large body. */
const CHUNK_BYTES = 256 * 1024;

/** The least zlib takes. */
const MIN_CHUNK_BYTES = 64;

const gunzipBounded: (body: InputType, options: ZlibOptions) => Promise<Buffer> = promisify(gunzip);

/** So many bytes a gzip body of `bytes` may be inflated to: `maxBytes`, or 200 times itself, at least 1 MiB. */
export const inflationLimit = (bytes: number, maxBytes: number): number =>
  Math.min(maxBytes, Math.max(ANY_RATIO_BYTES, bytes * MAX_RATIO));

const TRAILER_BYTES = 4;

/** What the end of a gzip body says of its size, inflated: true unless it lies, or has several members. */
export const declaredSize = (bytes: Uint8Array): number =>
  bytes.length < TRAILER_BYTES
    ? 0
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUInt32LE(bytes.length - TRAILER_BYTES);

/** Inflates a gzip body to at most `limit` bytes. */
export const inflate = async (bytes: Uint8Array, limit: number): Promise<Inflated> => {
  const chunkSize = Math.min(CHUNK_BYTES, Math.max(MIN_CHUNK_BYTES, limit));
  try {
    return {
      outcome: "inflated",
      bytes: await gunzipBounded(bytes, { maxOutputLength: Math.max(1, limit), chunkSize }),
    };
  } catch (error) {
    const tooLarge = error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    return { outcome: tooLarge ? "too-large" : "malformed" };
  }
};
