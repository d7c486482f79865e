import type { Context } from "hono";
import { bearerToken, isAuthorised } from "../../http/is-authorised.ts";
import { type KnownHosts, refuseHost, refusePage } from "../../http/refuse-foreign.ts";

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

/**
 * Why a request is not answered whatever it asks for; null when it may be. A token decides where there is one: a page
 * in a browser does not have it. Where there is none, anybody on this machine is answered, but no page of another site,
 * nor one whose name was made to point here.
 */
export const refuseRequest = (context: Context, { token, hosts }: AccessSettings): RefusedRequest | null => {
  if (token !== null) {
    const error = "no valid token; expected Authorization: Bearer with agent.token";
    return isAuthorised(presented(context), token) ? null : { status: 401, error };
  }
  const error = refuseHost(headersOf(context), { hosts });
  if (error !== null) return { status: 403, error };
  return isFollowedLink(context) ? null : refuseOtherSite(context);
};
