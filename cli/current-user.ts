import { userInfo } from "node:os";

/** Who runs the command, for the ledger. */
export const currentUser = (): string => {
  try {
    return userInfo().username;
  } catch {
    // A container may run under an id that has no name.
    return process.env.USER ?? `user ${process.getuid?.() ?? "unknown"}`;
  }
};
