import type { IncomingMessage } from "node:http";
import type { RequestRefusal } from "../../core/collector-stats.ts";
import { refuseForeign } from "../../http/refuse-foreign.ts";
import { refuseSender } from "./refuse-sender.ts";
import type { Reply } from "./reply.ts";

/** What is answered at a path: JSON, by the query. */
export type Served = (query: URLSearchParams) => unknown;

/** What a question is checked against. */
export interface ServePolicy {
  readonly token: string | null;
  /** Names beside the loopback's under which a listener without a token may be addressed. */
  readonly hosts: readonly string[];
  /** By path. */
  readonly served: Readonly<Record<string, Served>>;
}

/** Longest query that is read. */
const MAX_QUERY = 2_000;

const HEADERS = { "content-type": "application/json", "cache-control": "no-store" };

/** Answers what apps ask for with GET; null where the path is none of these. */
export const serveJson = (
  { url = "", method, headers }: IncomingMessage,
  { token, hosts, served }: ServePolicy,
  refuse: (why: RequestRefusal, message: string) => Reply,
): Reply | null => {
  const [path = "", query = ""] = url.split("?", 2);
  const answer = Object.hasOwn(served, path) ? served[path] : undefined;
  if (answer === undefined) return null;
  const foreign = token === null ? refuseForeign(headers, { hosts }) : null;
  if (foreign !== null) return refuse("foreign", foreign);
  if (method !== "GET") return refuse("wrong-method", "wrong method; expected GET");
  const unauthorised = refuseSender(headers, token);
  if (unauthorised !== null) return refuse("unauthorised", unauthorised);
  const asked = new URLSearchParams(query.slice(0, MAX_QUERY));
  return { status: 200, headers: HEADERS, body: JSON.stringify(answer(asked)) };
};
