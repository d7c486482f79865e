import { loadAgentAddress } from "../agent/config/read-settings.ts";
import type { ListenAddress } from "../agent/config/units.ts";
import { LeewayError } from "../core/errors.ts";

/** Talks to a running agent. Rejects with LeewayError `agent-unreachable`, `migration-unknown` or `action-refused`. */
export interface ApiClient {
  readonly get: <T>(path: string) => Promise<T>;
  readonly post: <T>(path: string, body: object) => Promise<T>;
}

const TIMEOUT_MS = 10_000;
const WILDCARDS: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "[::1]" };

const urlOf = ({ host, port }: ListenAddress): string => `http://${WILDCARDS[host] ?? host}:${port}`;

const unreachable = (url: string, cause: unknown): LeewayError =>
  new LeewayError(
    "agent-unreachable",
    `${url}: no agent answers; start it with "leeway start", or name its address with --agent`,
    { cause },
  );

const problemOf = async (response: Response): Promise<string> => {
  try {
    const { error } = (await response.json()) as { readonly error?: unknown };
    return typeof error === "string" ? error : `status ${response.status}`;
  } catch {
    return `status ${response.status}`;
  }
};

const failed = async (url: string, response: Response): Promise<LeewayError> => {
  const problem = await problemOf(response);
  if (response.status === 404) return new LeewayError("migration-unknown", problem);
  if (response.status === 401) return new LeewayError("action-refused", `${url}: ${problem}`);
  return new LeewayError("action-refused", problem);
};

/** A client of the agent at `url`. */
export const createApiClient = (url: string, token: string | null): ApiClient => {
  const request = async <T>(path: string, init: RequestInit): Promise<T> => {
    const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
    const headers = { ...authorization, ...(init.body === undefined ? {} : { "content-type": "application/json" }) };
    let response: Response;
    try {
      response = await fetch(`${url}${path}`, { ...init, headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (cause) {
      throw unreachable(url, cause);
    }
    if (!response.ok) throw await failed(url, response);
    return (await response.json()) as T;
  };
  return {
    get: (path) => request(path, { method: "GET" }),
    post: (path, body) => request(path, { method: "POST", body: JSON.stringify(body) }),
  };
};

/** A client of the agent that `--agent` or leeway.yaml names. */
export const connect = (options: { readonly config: string; readonly agent?: string }): ApiClient => {
  const token = process.env.LEEWAY_AGENT_TOKEN ?? null;
  if (options.agent !== undefined) return createApiClient(options.agent.replace(/\/+$/, ""), token);
  const { listen, token: configured } = loadAgentAddress(options.config, process.env);
  return createApiClient(urlOf(listen), token ?? configured);
};
