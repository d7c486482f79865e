import type { IncomingHttpHeaders } from "node:http";
import { isLoopback } from "./listen-address.ts";

/** Who a listener without a token answers. */
export interface KnownHosts {
  /** Names beside the loopback's under which this listener may be addressed; lower case, without a port. */
  readonly hosts: readonly string[];
}

/** The name in a Host header, lower case, without port and brackets; empty where there is none. */
const hostName = (header: string): string =>
  header
    .toLowerCase()
    .replace(/:\d*$/, "")
    .replace(/^\[|\]$/g, "");

const isKnown = (name: string, { hosts }: KnownHosts): boolean => isLoopback(name) || hosts.includes(name);

const isOwnOrigin = (origin: string, host: string): boolean =>
  /^https?:\/\//.test(origin) && origin.endsWith(`//${host}`);

/**
 * Why a request is not answered by the name it was addressed with; null when it may be. A page in a browser reaches
 * every port of its machine where its own name was made to point here (DNS rebinding), and Host shows that name.
 */
export const refuseHost = ({ host = "" }: IncomingHttpHeaders, known: KnownHosts): string | null => {
  const name = hostName(host);
  if (isKnown(name, known)) return null;
  const shown = JSON.stringify(name.slice(0, 100));
  return `host ${shown} is not known here; use 127.0.0.1 or localhost, or list the name under hosts: in leeway.yaml`;
};

/**
 * Why a request is not answered when another site's page makes it, as Origin and Sec-Fetch-Site show; null when it may
 * be. Programs send neither of the two.
 */
export const refusePage = (headers: IncomingHttpHeaders): string | null => {
  const { host = "", origin } = headers;
  const site = headers["sec-fetch-site"];
  const isAcross = site !== undefined && site !== "none" && site !== "same-origin";
  const isForeign = isAcross || (origin !== undefined && !isOwnOrigin(origin, host));
  return isForeign ? "requests of other sites' web pages are not answered" : null;
};

/** Why a request is not answered whatever it asks for, by `refuseHost` or `refusePage`; null when it may be. */
export const refuseForeign = (headers: IncomingHttpHeaders, known: KnownHosts): string | null =>
  refuseHost(headers, known) ?? refusePage(headers);
