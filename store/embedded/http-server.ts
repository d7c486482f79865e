import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type Exception, exceptionOf, statusOf } from "./exception.ts";
import { BodyTooLarge, gzipBytes, readBody } from "./http-body.ts";
import { type HttpCall, readCall } from "./http-call.ts";
import { readForm } from "./multipart.ts";
import { reframeNative } from "./native-blocks.ts";
import type { CallResult, Role } from "./run-call.ts";
import { roleOf } from "./users.ts";

/** What the interface needs to answer. */
export interface HttpServerParts {
  readonly run: (call: HttpCall, role: Role) => Promise<CallResult>;
  /** Password of the admin user. */
  readonly secret: string;
  readonly version: string;
  /** Largest body, before and after decompression. */
  readonly maxBodyBytes: number;
}

/** A page in a browser may have talked its way to this port: only names no public site can have are served. */
const isLocalHost = (host: string | undefined): boolean => {
  const name = (host ?? "").replace(/:\d+$/, "").toLowerCase();
  return /^[\d.]+$|^\[|^[^.]*$|\.internal$/.test(name);
};

const decode = async (request: IncomingMessage, maxBodyBytes: number): Promise<HttpCall> => {
  const url = new URL(request.url ?? "/", "http://localhost");
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

const sendException = (response: ServerResponse, exception: Exception, version: string): void => {
  response.writeHead(statusOf(exception), {
    "content-type": "text/plain; charset=UTF-8",
    "x-clickhouse-exception-code": String(exception.code),
  });
  response.end(`${exception.text} (version ${version})\n`);
};

const summaryOf = ({ result, written }: Extract<CallResult, { outcome: "done" }>): string =>
  JSON.stringify({
    read_rows: String(result.rows),
    read_bytes: "0",
    written_rows: String(written),
    written_bytes: "0",
    total_rows_to_read: "0",
    result_rows: "0",
    result_bytes: String(result.bytes.length),
    elapsed_ns: String(Math.round(result.seconds * 1e9)),
  });

const contentType = (format: string): string => {
  if (/^JSON(EachRow|CompactEachRow|StringsEachRow|CompactStringsEachRow)/.test(format)) return "application/x-ndjson";
  if (format.startsWith("JSON")) return "application/json; charset=UTF-8";
  if (/^(TabSeparated|TSV)/.test(format)) return "text/tab-separated-values; charset=UTF-8";
  if (format.startsWith("CSV")) return "text/csv; charset=UTF-8";
  return "application/octet-stream";
};

const wantsGzip = (request: IncomingMessage): boolean =>
  /[?&]enable_http_compression=1(&|$)/.test(request.url ?? "") &&
  /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));

const sendResult = async (
  request: IncomingMessage,
  response: ServerResponse,
  call: HttpCall,
  done: Extract<CallResult, { outcome: "done" }>,
): Promise<void> => {
  const plain =
    done.format === "Native" && call.revision > 0 ? reframeNative(done.result.bytes, call.revision) : done.result.bytes;
  const gzipped = wantsGzip(request) && plain.length > 0;
  const body = gzipped ? await gzipBytes(plain) : plain;
  response.writeHead(200, {
    "content-type": contentType(done.format),
    "content-length": body.length,
    ...(gzipped ? { "content-encoding": "gzip" } : {}),
    "x-clickhouse-format": done.format,
    "x-clickhouse-query-id": call.queryId,
    "x-clickhouse-summary": summaryOf(done),
    "x-clickhouse-timezone": "UTC",
  });
  response.end(request.method === "HEAD" ? undefined : body);
};

const failureOf = (error: unknown): Exception => {
  if (error instanceof BodyTooLarge) return exceptionOf(161, "QUERY_IS_TOO_LARGE", "The body is too large.");
  const reason = error instanceof Error ? error.message : String(error);
  return exceptionOf(36, "BAD_ARGUMENTS", `The request cannot be read: ${reason}.`);
};

const isPing = ({ method, url }: IncomingMessage): boolean =>
  url === "/ping" || url === "/replicas_status" || (url === "/" && method !== "POST");

const answer = async (parts: HttpServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const call = await decode(request, parts.maxBodyBytes);
  const role = roleOf(call.user, call.password, parts.secret);
  if (role === null) {
    const why = `${call.user}: Authentication failed: password is incorrect, or there is no user with such name.`;
    sendException(response, exceptionOf(516, "AUTHENTICATION_FAILED", why), parts.version);
    return;
  }
  const result = await parts.run(call, role);
  if (result.outcome === "refused") sendException(response, result.exception, parts.version);
  else await sendResult(request, response, call, result);
};

/** ClickHouse's HTTP interface: queries, inserts and /ping, for the clients that speak it. Not yet listening. */
export const createHttpInterface = (parts: HttpServerParts): Server =>
  createServer((request, response) => {
    if (!isLocalHost(request.headers.host)) {
      response.writeHead(403).end("Host not allowed; connect by a loopback or internal name.\n");
    } else if (isPing(request)) {
      response.writeHead(200, { "content-type": "text/plain" }).end("Ok.\n");
    } else {
      answer(parts, request, response).catch((error: unknown) => {
        if (response.headersSent) response.destroy();
        else sendException(response, failureOf(error), parts.version);
      });
    }
  });
