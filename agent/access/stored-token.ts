import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import type { Scope } from "../../core/scope.ts";

/** A token as the file has it: everything but the token. Times are epoch ms. */
export interface StoredToken {
  /** 8 hex digits; stands in the token, too. */
  readonly id: string;
  /** Whose it is: what commands are signed with, and what a document's `approvers` are compared with. */
  readonly name: string;
  readonly scope: Scope;
  /** True where its bearer may read content as well; `admin` may without. Files of before say nothing of it. */
  readonly content?: boolean | undefined;
  /** SHA-256 of the whole token, hex: 256 bits of chance need no slow hash. */
  readonly sha256: string;
  readonly createdAt: number;
  /** User of the operating system. */
  readonly createdBy: string;
  /** Null = it does not expire. */
  readonly expiresAt: number | null;
  /** Null = it is in force. */
  readonly revokedAt: number | null;
  readonly revokedBy: string | null;
}

const time = z.number().finite();

/** What a later version adds is kept. */
export const storedToken: z.ZodType<StoredToken> = z.looseObject({
  id: z.string().regex(/^[0-9a-f]{8}$/),
  name: z.string().min(1),
  scope: z.enum(["read", "operate", "approve", "admin"]),
  content: z.boolean().optional(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: time,
  createdBy: z.string(),
  expiresAt: time.nullable(),
  revokedAt: time.nullable(),
  revokedBy: z.string().nullable(),
});

/** The hash a token is known by, hex. */
export const tokenHash = (token: string): string => createHash("sha256").update(token).digest("hex");

/** A new token: its id, and 256 random bits. */
export const newToken = (): { readonly id: string; readonly token: string } => {
  const id = randomBytes(4).toString("hex");
  return { id, token: `leeway_${id}_${randomBytes(32).toString("base64url")}` };
};

/** The id in a text that looks like a token of ours; null for any other. */
export const tokenId = (text: string): string | null =>
  text.length > 100 ? null : (/^leeway_([0-9a-f]{8})_[A-Za-z0-9_-]{43}$/.exec(text)?.[1] ?? null);

/** Longest name, characters. */
const MAX_NAME = 100;

/**
 * Why nobody may be called so; empty when a token may have the name. Brackets and colons are for what Leeway says of whoever has
 * no token, and what a terminal would hide would make two names out of one.
 */
export const nameProblem = (name: string): string => {
  if (name.length > MAX_NAME) return `longer than ${MAX_NAME} characters`;
  if (/^(agent|leeway)$/i.test(name)) return "what Leeway calls itself in the ledger";
  return /^[\p{L}\p{N}][\p{L}\p{N}\p{M} ._@+'-]*$/u.test(name) && name === name.trim()
    ? ""
    : "expected letters, digits, blanks and . _ @ + ' -, such as ana@example.com";
};

/** Whether a token's bearer may read content: no other scope but `admin` holds it. */
export const readsContent = ({ scope, content }: Pick<StoredToken, "scope" | "content">): boolean =>
  scope === "admin" || content === true;
