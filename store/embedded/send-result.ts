import type { IncomingMessage, ServerResponse } from "node:http";
import { type Exception, statusOf } from "./exception.ts";
import { gzipBytes } from "./http-body.ts";
import type { HttpCall } from "./http-call.ts";
import { reframeNative } from "./native-blocks.ts";
import type { CallDone } from "./run-call.ts";

const summaryOf = ({ result, written }: CallDone): string =>
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

/** Resolves when the client has taken all of it or is gone; one that does not take it within `patienceMs` is cut off. */
const end = (response: ServerResponse, body: Uint8Array | undefined, patienceMs: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => response.destroy(), patienceMs);
    response.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
    response.end(body);
  });

/** Answers with the engine's exception, as ClickHouse does. */
export const sendException = (response: ServerResponse, exception: Exception, version: string): void => {
  response.writeHead(statusOf(exception), {
    "content-type": "text/plain; charset=UTF-8",
    "x-clickhouse-exception-code": String(exception.code),
  });
  response.end(`${exception.text} (version ${version})\n`);
};

/** Answers with what a statement returned, in gzip where the client takes it. Resolves when it is out of memory. */
export const sendResult = async (
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
  call: HttpCall,
  done: CallDone,
  patienceMs: number,
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
  await end(response, request.method === "HEAD" ? undefined : body, patienceMs);
};
