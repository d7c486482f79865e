import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type KnownHosts, refuseForeign } from "../../http/refuse-foreign.ts";
import type { Role } from "./engine-config.ts";
import { type Exception, exceptionOf } from "./exception.ts";
import { BodyTooLarge, readBody } from "./http-body.ts";
import { type HttpCall, readCall, readCredentials } from "./http-call.ts";
import { readForm } from "./multipart.ts";
import type { CallDone, RunCall } from "./run-call.ts";
import { sendException, sendResult } from "./send-result.ts";
import { type Passwords, roleOf } from "./users.ts";

/** What the interface needs to answer. */
export interface HttpServerParts {
  readonly run: RunCall;
  readonly passwords: Passwords;
  readonly version: string;
  /** Names beside the loopback's under which it may be addressed. */
  readonly known: KnownHosts;
  /** Largest body, before and after decompression, by who sends it. */
  readonly maxBodyBytes: Readonly<Record<Role, number>>;
}

/** A client that does not take its answer keeps it in memory for this long. */
const SEND_PATIENCE_MS = 30_000;

const HEADERS_TIMEOUT_MS = 15_000;
const MAX_CONNECTIONS = 512;

const decode = async (request: IncomingMessage, url: URL, maxBodyBytes: number): Promise<HttpCall> => {
  const raw = await readBody(request, maxBodyBytes);
  const type = request.headers["content-type"] ?? "";
  const isForm = type.startsWith("multipart/form-data");
  const fields = new URLSearchParams(url.searchParams);
  if (isForm) for (const [name, value] of await readForm(type, raw)) fields.append(name, value);
  return readCall({
    method: request.method ?? "GET",
    headers: request.headers,
    fields,
    body: isForm ? new Uint8Array() : raw,
  });
};

const failureOf = (error: unknown): Exception => {
  if (error instanceof BodyTooLarge) return exceptionOf(161, "QUERY_IS_TOO_LARGE", "The body is too large.");
  const reason = error instanceof Error ? error.message : String(error);
  return exceptionOf(36, "BAD_ARGUMENTS", `The request cannot be read: ${reason}.`);
};

const fail = (response: ServerResponse, error: unknown, version: string): void => {
  if (response.headersSent) response.destroy();
  else sendException(response, failureOf(error), version);
};

const unknownUser = (user: string): Exception => {
  const why = `${user.slice(0, 100)}: Authentication failed: password is incorrect, or there is no user with such name.`;
  return exceptionOf(516, "AUTHENTICATION_FAILED", `${why} leeway reader shows the one for reading.`);
};

const isPing = ({ method, url }: IncomingMessage): boolean =>
  url === "/ping" || url === "/replicas_status" || (url === "/" && method !== "POST");

const answer = async (parts: HttpServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const url = new URL(request.url ?? "/", "http://localhost");
  const [user, password] = readCredentials(request.headers, url.searchParams);
  const role = roleOf(user, password, parts.passwords);
  if (role === null) {
    sendException(response, unknownUser(user), parts.version);
    return;
  }
  const call = await decode(request, url, parts.maxBodyBytes[role]);
  const deliver = (done: CallDone): Promise<void> =>
    sendResult({ request, response }, call, done, SEND_PATIENCE_MS).catch((error: unknown) =>
      fail(response, error, parts.version),
    );
  const exception = await parts.run(call, role, deliver);
  if (exception !== null) sendException(response, exception, parts.version);
};

/**
 * ClickHouse's HTTP interface: queries, inserts and /ping, for the clients that speak it. It answers nobody who comes
 * by a foreign name or from a web page, and nobody without a password. Not yet listening.
 */
export const createHttpInterface = (parts: HttpServerParts): Server => {
  const server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS }, (request, response) => {
    const foreign = refuseForeign(request.headers, parts.known);
    if (foreign !== null) {
      response.writeHead(403, { "content-type": "text/plain" }).end(`${foreign}\n`);
    } else if (isPing(request)) {
      response.writeHead(200, { "content-type": "text/plain" }).end("Ok.\n");
    } else {
      answer(parts, request, response).catch((error: unknown) => fail(response, error, parts.version));
    }
  });
  server.maxConnections = MAX_CONNECTIONS;
  return server;
};
