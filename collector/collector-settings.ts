import type { TlsFiles } from "../http/tls-pair.ts";

/** Whose content is kept, and how much of it at most. */
export interface ContentSettings {
  /** Of these services alone; null = of every one. */
  readonly services: readonly string[] | null;
  /** Longest content of one call, bytes; what is longer is not kept, and counted. */
  readonly maxBytes: number;
}

/** What the collector is told. */
export interface CollectorSettings {
  /** Address to bind; port 0 takes a free one. A host beyond this machine needs a token. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Bearer token that senders must present; null = none. */
  readonly token: string | null;
  /** Names beside the loopback's under which senders without a token may address it; lower case. */
  readonly hosts: readonly string[];
  /** Null = plain HTTP. */
  readonly tls: TlsFiles | null;
  /** Connections that may be open at a time. */
  readonly maxConnections: number;
  /** Directory of the spool, created where missing, for one collector alone; at most `maxBytes` of rows wait in it. */
  readonly spool: { readonly dir: string; readonly maxBytes: number };
  /** Largest request body, as sent and decompressed. */
  readonly maxBodyBytes: number;
  /** Rows go to the store when this many wait, or this long after the first of them. */
  readonly batch: { readonly maxRows: number; readonly maxDelayMs: number };
  /** What was asked and answered, where spans bring it; null = it is never kept. */
  readonly content: ContentSettings | null;
}

/** Loopback, 512 connections, 16 MiB bodies, 2 GiB of spool, a batch every half second, no content. */
export const DEFAULT_COLLECTOR_SETTINGS: CollectorSettings = {
  listen: { host: "127.0.0.1", port: 4318 },
  token: null,
  hosts: [],
  tls: null,
  maxConnections: 512,
  spool: { dir: ".leeway/spool", maxBytes: 2 * 1024 ** 3 },
  maxBodyBytes: 16 * 1024 ** 2,
  batch: { maxRows: 20_000, maxDelayMs: 500 },
  content: null,
};
