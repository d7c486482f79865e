import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip, type InputType, type ZlibOptions } from "node:zlib";

/** How reading a request body ended. */
export type Body =
  | { readonly outcome: "read"; readonly bytes: Uint8Array }
  /** More than the limit, as sent or decompressed. */
  | { readonly outcome: "too-large" }
  /** Broken gzip. */
  | { readonly outcome: "malformed" }
  /** The sender went away. */
  | { readonly outcome: "gone" };

/** Senders read the answer only after they have sent everything; beyond this they are cut off. */
const DRAIN_FACTOR = 4;

const gunzipBounded: (body: InputType, options: ZlibOptions) => Promise<Buffer> = promisify(gunzip);

const readRaw = async (request: IncomingMessage, maxBytes: number): Promise<Body> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
    if (size > maxBytes * DRAIN_FACTOR) break;
  }
  return size > maxBytes ? { outcome: "too-large" } : { outcome: "read", bytes: Buffer.concat(chunks) };
};

const inflate = async (bytes: Uint8Array, maxBytes: number): Promise<Body> => {
  try {
    return { outcome: "read", bytes: await gunzipBounded(bytes, { maxOutputLength: maxBytes }) };
  } catch (error) {
    const tooLarge = error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    return { outcome: tooLarge ? "too-large" : "malformed" };
  }
};

/** Reads a body of at most `maxBytes`, which also bounds what gzip may inflate it to. */
export const readBody = async (request: IncomingMessage, gzipped: boolean, maxBytes: number): Promise<Body> => {
  try {
    const raw = await readRaw(request, maxBytes);
    return raw.outcome === "read" && gzipped ? await inflate(raw.bytes, maxBytes) : raw;
  } catch {
    return { outcome: "gone" };
  }
};

/** Lets the sender of a refused request finish, so that it reads the answer instead of seeing a broken connection. */
export const drainBody = async (request: IncomingMessage, maxBytes: number): Promise<void> => {
  let size = 0;
  try {
    for await (const chunk of request) {
      size += chunk.length;
      if (size > maxBytes * DRAIN_FACTOR) break;
    }
  } catch {
    // the sender went away: nobody is left to answer
  }
};
