import { createHash, timingSafeEqual } from "node:crypto";

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** True when both texts are the same. Takes the same time wherever they differ. */
export const isSameSecret = (given: string, expected: string): boolean =>
  timingSafeEqual(digest(given), digest(expected));

/** The token of an Authorization header `Bearer <token>`; null where it is none. */
export const bearerToken = (header: string | undefined): string | null =>
  /^bearer +(.+)$/i.exec(header ?? "")?.[1]?.trim() ?? null;

/** True when no token is asked for, or when `given` is it. Takes the same time wherever they differ. */
export const isAuthorised = (given: string | null, token: string | null): boolean =>
  token === null || (given !== null && isSameSecret(given, token));
