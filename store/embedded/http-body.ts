import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, gzip, inflate, zstdDecompress } from "node:zlib";

/** The body was larger than the interface takes; the answer is HTTP 413. */
export class BodyTooLarge extends Error {}

type Decoder = (data: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>;

const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: promisify(gunzip) as Decoder,
  "x-gzip": promisify(gunzip) as Decoder,
  deflate: promisify(inflate) as Decoder,
  br: promisify(brotliDecompress) as Decoder,
  zstd: promisify(zstdDecompress) as Decoder,
};

const readRaw = async (request: IncomingMessage, maxBytes: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes);
};

/**
 * Reads a whole request body and undoes its Content-Encoding. At most `maxBytes` before and after. Throws BodyTooLarge,
 * or zlib's error for damaged data; an encoding nobody knows is a RangeError.
 */
export const readBody = async (request: IncomingMessage, maxBytes: number): Promise<Uint8Array> => {
  const raw = await readRaw(request, maxBytes);
  const encoding = (request.headers["content-encoding"] ?? "").toLowerCase();
  if (raw.length === 0 || encoding === "" || encoding === "identity") return raw;
  const decode = DECODERS[encoding];
  if (decode === undefined) throw new RangeError(`unknown Content-Encoding: ${encoding}`);
  return decode(raw, { maxOutputLength: maxBytes });
};

/** Compresses an answer. */
export const gzipBytes: (data: Uint8Array) => Promise<Buffer> = promisify(gzip);
