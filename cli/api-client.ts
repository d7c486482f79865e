import { loadAgentAddress } from "../agent/config/read-settings.ts";
import { LeewayError } from "../core/errors.ts";
import { urlOf } from "../http/listen-address.ts";

/**
 * Talks to a running agent. Rejects with LeewayError: `agent-unreachable`, `migration-unknown`,
 * `action-refused`, or `config-invalid` for a wrong token.
 */
export interface ApiClient {
  readonly get: <T>(path: string) => Promise<T>;
  readonly post: <T>(path: string, body: object) => Promise<T>;
}

/** Longer than a flag system and a store that hang can hold a command up. */
const TIMEOUT_MS = 60_000;

const unreachable = (url: string, cause: unknown): LeewayError =>
  new LeewayError(
    "agent-unreachable",
    `${url}: no agent answers; start it with "leeway start", or name its address with --agent`,
    { cause },
  );

const BAD_TOKEN = "the agent does not take this token; set LEEWAY_AGENT_TOKEN to the value of its agent.token";

/** What an answer that is no success means; one that is not the agent's own comes from somebody else. */
const failed = (url: string, status: number, body: unknown): LeewayError => {
  const { error } = (body ?? {}) as { readonly error?: unknown };
  if (status === 401) return new LeewayError("config-invalid", `${url}: ${BAD_TOKEN}`);
  if (typeof error !== "string") return unreachable(url, new Error(`status ${status}`));
  return new LeewayError(status === 404 ? "migration-unknown" : "action-refused", error);
};

/** A client of the agent at `url`. */
export const createApiClient = (url: string, token: string | null): ApiClient => {
  const request = async <T>(path: string, init: RequestInit): Promise<T> => {
    const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
    const headers = { ...authorization, ...(init.body === undefined ? {} : { "content-type": "application/json" }) };
    let [response, body]: [Response | null, unknown] = [null, null];
    try {
      response = await fetch(`${url}${path}`, { ...init, headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
      body = await response.json();
    } catch (cause) {
      if (response === null || response.ok) throw unreachable(url, cause);
    }
    if (!response?.ok) throw failed(url, response?.status ?? 0, body);
    return body as T;
  };
  return {
    get: (path) => request(path, { method: "GET" }),
    post: (path, body) => request(path, { method: "POST", body: JSON.stringify(body) }),
  };
};

const checkUrl = (text: string): string => {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return text.replace(/\/+$/, "");
  throw new LeewayError(
    "config-invalid",
    `--agent: ${JSON.stringify(text)}; expected a URL such as http://127.0.0.1:4320`,
  );
};

/** A client of the agent that `--agent` or leeway.yaml names. */
export const connect = (options: { readonly config: string; readonly agent?: string }): ApiClient => {
  const token = process.env.LEEWAY_AGENT_TOKEN ?? null;
  if (options.agent !== undefined) return createApiClient(checkUrl(options.agent), token);
  const { listen, token: configured } = loadAgentAddress(options.config, process.env);
  return createApiClient(urlOf(listen), token ?? configured);
};
