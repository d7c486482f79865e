import { signature } from "../../core/identity.ts";
import { nameOf } from "../access/caller.ts";
import { textOf } from "./read-body.ts";
import type { RouteContext } from "./routes.ts";

/** Longest name that is taken from a sender, characters. */
export const MAX_NAME_CHARS = 200;

/** Who asks: the token's name, else what the body says; empty where neither does, or what it says is no name. */
export const claimedName = (context: RouteContext, said: unknown): string => {
  const name = nameOf(context.get("caller"), textOf(said));
  return name.length > MAX_NAME_CHARS ? "" : name;
};

/** The same for the ledger, marked where it is only said. */
export const signedBy = (context: RouteContext, said: unknown): string => {
  const name = claimedName(context, said);
  return name === "" ? "" : signature(name, context.get("caller").identity);
};
