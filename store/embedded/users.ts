import { isSameSecret } from "../../http/is-authorised.ts";
import type { Role } from "./run-call.ts";

/** Name of the user that may do everything; its password is known to the agent only. */
export const ADMIN = "leeway";

/** Name of the user that may only read. It has no password. */
export const READER = "reader";

/** The role of a user, or null when it does not exist or the password is wrong. Nobody and `default` are readers. */
export const roleOf = (user: string, password: string, secret: string): Role | null => {
  if (user === READER || user === "default" || user === "") return "reader";
  return user === ADMIN && isSameSecret(password, secret) ? "admin" : null;
};
