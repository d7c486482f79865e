import { createHash, timingSafeEqual } from "node:crypto";

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** True when both texts are the same. Takes the same time wherever they differ. */
export const isSameSecret = (given: string, expected: string): boolean =>
  timingSafeEqual(digest(given), digest(expected));

/** True when no token is asked for, or when the Authorization header is `Bearer <token>`. Takes the same time either way. */
export const isAuthorised = (header: string | undefined, token: string | null): boolean => {
  if (token === null) return true;
  const [, given] = /^bearer +(.+)$/i.exec(header ?? "") ?? [];
  return given !== undefined && isSameSecret(given.trim(), token);
};
