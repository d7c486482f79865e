import type { Context } from "hono";
import { bearerToken } from "../../http/is-authorised.ts";
import { type KnownHosts, refuseHost, refusePage } from "../../http/refuse-foreign.ts";
import { type Caller, callerOf } from "../access/caller.ts";
import type { TokenBook } from "../access/token-book.ts";

/** Whom the agent's interface answers. */
export interface AccessSettings extends KnownHosts {
  /** What everybody but a health check has to present; null = nothing. */
  readonly token: string | null;
}

/** Why a request is not answered. */
export interface RefusedRequest {
  readonly status: 401 | 403;
  /** In words for whoever asked. */
  readonly error: string;
}

const presented = ({ req }: Context): string | null =>
  bearerToken(req.header("authorization")) ?? req.header("x-api-key") ?? null;

const headersOf = (context: Context) => ({
  host: context.req.header("host"),
  origin: context.req.header("origin"),
  "sec-fetch-site": context.req.header("sec-fetch-site"),
});

/** A person went to a page of ours from elsewhere, by the link of a notice for example: nothing else sees the answer. */
const isFollowedLink = (context: Context): boolean =>
  context.req.method === "GET" &&
  context.req.header("sec-fetch-mode") === "navigate" &&
  context.req.header("sec-fetch-dest") === "document";

/** Why another site's page may not do what this request asks for; null when it is no such page's. */
export const refuseOtherSite = (context: Context): RefusedRequest | null => {
  const error = refusePage(headersOf(context));
  return error === null ? null : { status: 403, error };
};

const refusePlace = (context: Context, { hosts }: AccessSettings): RefusedRequest | null => {
  const error = refuseHost(headersOf(context), { hosts });
  if (error !== null) return { status: 403, error };
  return isFollowedLink(context) ? null : refuseOtherSite(context);
};

/**
 * Who asks, or why a request is not answered whatever it asks for. A token decides where one is asked for: a page in a browser does
 * not have it. Where none is, anybody on this machine is answered, but no page of another site, nor one whose name was
 * made to point here.
 */
export const admit = async (
  context: Context,
  settings: AccessSettings,
  book: TokenBook,
): Promise<Caller | RefusedRequest> => {
  const refused = settings.token === null ? refusePlace(context, settings) : null;
  if (refused !== null) return refused;
  const caller = await callerOf(presented(context), settings.token, book);
  return typeof caller === "string" ? { status: 401, error: caller } : caller;
};
