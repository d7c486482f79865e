import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { loadAgentAddress } from "../agent/config/read-settings.ts";
import { LeewayError } from "../core/errors.ts";
import { urlOf } from "../http/listen-address.ts";
import { type Answer, askOverHttp, type Question, type Trust } from "./ask-over-http.ts";

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

/** Codes of a certificate that is not what it should be. */
const UNTRUSTED = /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/;

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";

const unreachable = (url: string, cause: unknown): LeewayError => {
  const code = codeOf(cause);
  const message = UNTRUSTED.test(code)
    ? `${url}: its certificate is not trusted (${code}); name its authority, or the certificate itself, with --ca <file>`
    : `${url}: no agent answers; start it with "leeway start", or name its address with --agent`;
  return new LeewayError("agent-unreachable", message, { cause });
};

/** The agent says why where it is a person's token: it expired, was revoked, or is another agent's. */
const badToken = (error: unknown): string => {
  const why = typeof error === "string" && error.startsWith("the token") ? ` (${error.split(";", 1)[0]})` : "";
  return `the agent does not take this token${why}; set LEEWAY_AGENT_TOKEN to a token of leeway token create, or to the value of its agent.token`;
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** What an answer that is no success means; one that is not the agent's own comes from somebody else. */
const failed = (url: string, status: number, body: unknown): LeewayError => {
  const { error } = (body ?? {}) as { readonly error?: unknown };
  if (status === 401) return new LeewayError("config-invalid", `${url}: ${badToken(error)}`);
  if (typeof error !== "string") return unreachable(url, new Error(`status ${status}`));
  return new LeewayError(status === 404 ? "migration-unknown" : "action-refused", error);
};

/** A client of the agent at `url`; `trust` says which certificates are believed where that is https. Default patience: a minute. */
export const createApiClient = (
  url: string,
  token: string | null,
  trust: Trust = { by: "system" },
  timeoutMs: number = TIMEOUT_MS,
): ApiClient => {
  const ask = async <T>(path: string, question: Pick<Question, "method" | "body">): Promise<T> => {
    const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
    const headers = { ...authorization, ...(question.body === "" ? {} : { "content-type": "application/json" }) };
    let answer: Answer;
    try {
      answer = await askOverHttp(`${url}${path}`, { ...question, headers, timeoutMs }, trust);
    } catch (cause) {
      throw unreachable(url, cause);
    }
    const body = parse(answer.body);
    if (answer.status < 200 || answer.status > 299) throw failed(url, answer.status, body);
    if (body === undefined) throw unreachable(url, new Error("the answer is no JSON"));
    return body as T;
  };
  return {
    get: (path) => ask(path, { method: "GET", body: "" }),
    post: (path, body) => ask(path, { method: "POST", body: JSON.stringify(body) }),
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

const readPem = (key: string, path: string): string => {
  try {
    const pem = readFileSync(path, "utf8");
    new X509Certificate(pem);
    return pem;
  } catch (cause) {
    const message = `${key}: ${path} cannot be used (${codeOf(cause)}); expected a PEM file with a certificate`;
    throw new LeewayError("config-invalid", message, { cause });
  }
};

/** Which agent a command is for. */
export interface AgentOptions {
  /** Path of leeway.yaml. */
  readonly config: string;
  /** URL; default: what the configuration says. */
  readonly agent?: string;
  /** PEM file of the authorities to believe; default: those Node knows, or the configured certificate. */
  readonly ca?: string;
  /** Longest wait for an answer, ms; default: a minute. */
  readonly timeoutMs?: number;
}

/** A client of the agent that `--agent` or leeway.yaml names. */
export const connect = ({ config, agent, ca, timeoutMs }: AgentOptions): ApiClient => {
  const token = process.env.LEEWAY_AGENT_TOKEN ?? null;
  const given: Trust | null = ca === undefined ? null : { by: "authority", pem: readPem("--ca", ca) };
  if (agent !== undefined) return createApiClient(checkUrl(agent), token, given ?? { by: "system" }, timeoutMs);
  const { listen, token: configured, tls } = loadAgentAddress(config, process.env);
  if (tls === null) return createApiClient(urlOf(listen), token ?? configured, undefined, timeoutMs);
  // the agent of this machine is reached by an address its certificate need not name
  const own: Trust = { by: "certificate", pem: readPem("agent.tls.cert", tls.cert) };
  return createApiClient(urlOf(listen, "https"), token ?? configured, given ?? own, timeoutMs);
};
