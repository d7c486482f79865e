import { LeewayError } from "../core/errors.ts";
import { readShadowAccess, type ShadowAccess } from "../formats/ask-again/shadow-access.ts";
import { type ContentSettings, readContentSettings } from "./content/content-settings.ts";
import { defaultSpoolDirectory } from "./export/spool-directory.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings of the preload, from LEEWAY_* environment variables. */
export interface PreloadSettings {
  /** LEEWAY_DISABLED=1: nothing is instrumented. */
  readonly disabled: boolean;
  /** LEEWAY_WORKERS=1: calls made in worker threads are recorded too; each worker is an instance of its own. */
  readonly workers: boolean;
  /** LEEWAY_FETCH_ONLY=1: no client is followed but `fetch` and the AWS SDK: neither node:http nor undici. */
  readonly fetchOnly: boolean;
  /** LEEWAY_ENDPOINT: base URL of the collector; default http://127.0.0.1:4318. */
  readonly endpoint: string;
  /** LEEWAY_TOKEN: bearer token of the collector; null for none. */
  readonly token: string | null;
  /** LEEWAY_MAX_QUEUE: spans kept while the collector is away; default 20000. */
  readonly maxQueue: number;
  readonly spool: SpoolSettings | null;
  /** Null: no content on spans. */
  readonly content: ContentSettings | null;
  /** What a shadow may do; null: nothing. See there for LEEWAY_SHADOW, LEEWAY_SHADOW_HOSTS and LEEWAY_SHADOW_KEYS. */
  readonly shadow: ShadowAccess | null;
}

/** Where spans wait on disk; null where they never do. */
export interface SpoolSettings {
  /**
   * LEEWAY_SPOOL_DIR; `off` for no spool. Default: a directory of this user below the system's for temporary files, or
   * none where content is captured.
   */
  readonly base: string;
  /** LEEWAY_SPOOL_MAX_BYTES: bytes on disk for one collector; default 64 MiB. */
  readonly maxBytes: number;
}

const readEndpoint = (text: string): string => {
  const protocol = URL.canParse(text) ? new URL(text).protocol : "";
  if (protocol === "http:" || protocol === "https:") return text;
  throw new LeewayError("config-invalid", "LEEWAY_ENDPOINT: not a URL; expected http://host:port or https://host:port");
};

const readCount = (name: string, text: string, digits: number): number => {
  if (text.length <= digits && /^\d+$/.test(text) && Number(text) > 0) return Number(text);
  const highest = "9".repeat(digits);
  throw new LeewayError("config-invalid", `${name}: not a count; expected a whole number from 1 to ${highest}`);
};

/** Content is written to disk only where somebody said so. */
const readSpool = (env: Environment, content: ContentSettings | null): SpoolSettings | null => {
  const base = env.LEEWAY_SPOOL_DIR || (content === null ? defaultSpoolDirectory() : "off");
  if (base === "off") return null;
  const maxBytes = env.LEEWAY_SPOOL_MAX_BYTES || String(64 * 1024 * 1024);
  return { base, maxBytes: readCount("LEEWAY_SPOOL_MAX_BYTES", maxBytes, 12) };
};

/** Reads the settings; throws `config-invalid` with a line that names the variable. Empty means not set. */
export const readPreloadSettings = (env: Environment): PreloadSettings => {
  const content = readContentSettings(env);
  return {
    disabled: env.LEEWAY_DISABLED === "1" || env.LEEWAY_DISABLED === "true",
    workers: env.LEEWAY_WORKERS === "1" || env.LEEWAY_WORKERS === "true",
    fetchOnly: env.LEEWAY_FETCH_ONLY === "1" || env.LEEWAY_FETCH_ONLY === "true",
    endpoint: readEndpoint(env.LEEWAY_ENDPOINT || "http://127.0.0.1:4318"),
    token: env.LEEWAY_TOKEN || null,
    maxQueue: readCount("LEEWAY_MAX_QUEUE", env.LEEWAY_MAX_QUEUE || "20000", 7),
    spool: readSpool(env, content),
    content,
    shadow: readShadowAccess(env),
  };
};
