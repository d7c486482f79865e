import { LeewayError } from "../core/errors.ts";

/** Settings of the preload, from LEEWAY_* environment variables. */
export interface PreloadSettings {
  /** LEEWAY_DISABLED=1: nothing is instrumented. */
  readonly disabled: boolean;
  /** LEEWAY_ENDPOINT: base URL of the collector; default http://127.0.0.1:4318. */
  readonly endpoint: string;
  /** LEEWAY_TOKEN: bearer token of the collector; null for none. */
  readonly token: string | null;
  /** LEEWAY_MAX_QUEUE: spans kept while the collector is away; default 20000. */
  readonly maxQueue: number;
}

const readEndpoint = (text: string): string => {
  const protocol = URL.canParse(text) ? new URL(text).protocol : "";
  if (protocol === "http:" || protocol === "https:") return text;
  throw new LeewayError("config-invalid", "LEEWAY_ENDPOINT: not a URL; expected http://host:port or https://host:port");
};

const readMaxQueue = (text: string): number => {
  if (/^\d{1,7}$/.test(text) && Number(text) > 0) return Number(text);
  throw new LeewayError("config-invalid", "LEEWAY_MAX_QUEUE: not a count; expected a whole number from 1 to 9999999");
};

/** Reads the settings; throws `config-invalid` with a line that names the variable. Empty means not set. */
export const readPreloadSettings = (env: Readonly<Record<string, string | undefined>>): PreloadSettings => ({
  disabled: env.LEEWAY_DISABLED === "1" || env.LEEWAY_DISABLED === "true",
  endpoint: readEndpoint(env.LEEWAY_ENDPOINT || "http://127.0.0.1:4318"),
  token: env.LEEWAY_TOKEN || null,
  maxQueue: readMaxQueue(env.LEEWAY_MAX_QUEUE || "20000"),
});
