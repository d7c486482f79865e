import type { IncomingHttpHeaders } from "node:http";

/** One request of ClickHouse's HTTP interface, decoded. */
export interface HttpCall {
  readonly database: string;
  /** The `query` of the URL or form, or "" when the body holds the statement. */
  readonly query: string;
  readonly body: Uint8Array;
  readonly defaultFormat: string;
  readonly settings: readonly (readonly [string, string])[];
  readonly params: readonly (readonly [string, string])[];
  /** A GET never writes. */
  readonly reads: boolean;
  readonly queryId: string;
  /** Protocol revision a native client asks its blocks in; 0 = the format as it is in files. */
  readonly revision: number;
}

/** Names in the URL that are no settings. Sessions, roles and quotas do not exist here, and asking changes nothing. */
const RESERVED: readonly string[] = [
  "query",
  "query_id",
  "database",
  "default_format",
  "user",
  "password",
  "session_id",
  "session_check",
  "session_timeout",
  "role",
  "quota_key",
  "compress",
  "decompress",
  "enable_http_compression",
  "http_zlib_compression_level",
  "client_protocol_version",
  "buffer_size",
  "wait_end_of_query",
  "close_session",
];

const basicAuth = (header: string | undefined): readonly [string, string] | null => {
  const encoded = /^Basic\s+(\S+)$/i.exec(header ?? "")?.[1];
  if (encoded === undefined) return null;
  const [user = "", ...password] = Buffer.from(encoded, "base64").toString("utf8").split(":");
  return [user, password.join(":")];
};

const one = (value: string | string[] | undefined): string => (Array.isArray(value) ? value[0] : value) ?? "";

/**
 * User and password of a request, empty where there are none. They are in its headers or URL, never in a form, so that
 * nobody's body is read before it is known whose it is.
 */
export const readCredentials = (
  headers: IncomingHttpHeaders,
  fields: URLSearchParams,
): readonly [user: string, password: string] =>
  basicAuth(headers.authorization) ??
  (headers["x-clickhouse-user"] === undefined
    ? [fields.get("user") ?? "", fields.get("password") ?? ""]
    : [one(headers["x-clickhouse-user"]), one(headers["x-clickhouse-key"])]);

/**
 * Decodes a request. `fields` are those of the URL and of a multipart form; `body` is uncompressed. Whatever is not
 * known by name is a setting, as on a server.
 */
export const readCall = (request: {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly fields: URLSearchParams;
  readonly body: Uint8Array;
}): HttpCall => {
  const { method, headers, fields, body } = request;
  const isParam = (name: string): boolean => name.startsWith("param_");
  return {
    database: fields.get("database") ?? one(headers["x-clickhouse-database"]),
    query: fields.get("query") ?? "",
    body,
    defaultFormat: fields.get("default_format") || one(headers["x-clickhouse-format"]) || "TabSeparated",
    settings: [...fields].filter(([name]) => !isParam(name) && !RESERVED.includes(name)),
    params: [...fields].filter(([name]) => isParam(name)).map(([name, value]) => [name.slice("param_".length), value]),
    reads: method === "GET" || method === "HEAD",
    queryId: fields.get("query_id") ?? "",
    revision: Number(fields.get("client_protocol_version") ?? 0) || 0,
  };
};
