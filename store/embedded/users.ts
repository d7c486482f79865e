import { isSameSecret } from "../../http/is-authorised.ts";
import type { Role } from "./engine-config.ts";

/** Name of the user that may do everything; its password is known to the agent only. */
export const ADMIN = "leeway";

/** Name of the user that may only read; its password is in reader-password.ts. */
export const READER = "reader";

/** Passwords of both users. */
export interface Passwords {
  readonly admin: string;
  readonly reader: string;
}

/**
 * The role of a user, or null when it does not exist or the password is wrong. There is nobody without a password.
 * Takes the same time wherever a password differs.
 */
export const roleOf = (user: string, password: string, { admin, reader }: Passwords): Role | null => {
  if (user === ADMIN && isSameSecret(password, admin)) return "admin";
  return user === READER && isSameSecret(password, reader) ? "reader" : null;
};
