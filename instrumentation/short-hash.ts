import { createHash } from "node:crypto";

/** The first 16 hex digits of the SHA-256 of a text: what is kept of a user or a conversation. */
export const shortHash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16);
