import type { IncomingMessage } from "node:http";

/** How reading a request body ended. */
export type Body =
  | { readonly outcome: "read"; readonly bytes: Uint8Array }
  /** More than the limit. */
  | { readonly outcome: "too-large" }
  /** The sender went away. */
  | { readonly outcome: "gone" };

/** Senders read the answer only after they have sent everything; beyond this they are cut off. */
const DRAIN_FACTOR = 4;

/** Reads a body of at most `maxBytes` as it was sent. */
export const readBody = async (request: IncomingMessage, maxBytes: number): Promise<Body> => {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else chunks.length = 0;
      if (size > maxBytes * DRAIN_FACTOR) break;
    }
  } catch {
    return { outcome: "gone" };
  }
  return size > maxBytes ? { outcome: "too-large" } : { outcome: "read", bytes: Buffer.concat(chunks) };
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
