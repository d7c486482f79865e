import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { request as secureRequest } from "node:https";
import { shield } from "../shield.ts";
import { quietAgent } from "./quiet-agent.ts";

/** Where requests go, and what each of them says. */
export interface ExchangeSettings {
  readonly method: "GET" | "POST";
  /** `http:` or `https:`. */
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** A server that is silent for this long is treated as down, also while it is being connected to. */
  readonly timeoutMs: number;
}

/** What a server answered. */
export interface Reply {
  /** HTTP status. */
  readonly status: number;
  /** The header `Retry-After` as it came; null without one. */
  readonly retryAfter: string | null;
  /** The answer's body; empty where it broke off, and cut where it is far longer than any answer has to be. */
  readonly body: string;
}

/** Sends one request, once, a POST with its body. Where no answer came it rejects with an error whose `code` says why, Node's or `Request timed out`. */
export type Exchange = (data?: Uint8Array) => Promise<Reply>;

/** An answer that goes on and on must not fill the app's memory. */
const MAX_ANSWER_BYTES = 65_536;

/** Only the status counts of an answer that breaks off. */
const bodyOf = async (response: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of response) {
      parts.push(part);
      bytes += part.length;
      if (bytes >= MAX_ANSWER_BYTES) break;
    }
  } catch {
    return "";
  }
  return Buffer.concat(parts).toString("utf8", 0, MAX_ANSWER_BYTES);
};

const timedOut = (): Error => Object.assign(new Error("no answer"), { code: "Request timed out" });

/** Listened to for as long as the socket lives: an error that nobody hears ends the process. */
const ignore = shield(() => undefined, undefined);

/**
 * Creates the sender of requests to one place, over one kept connection that never keeps the process alive. It reads no
 * variable of the environment and follows no redirect.
 */
export const createExchange = ({ method, url, headers, timeoutMs }: ExchangeSettings): Exchange => {
  const agent = quietAgent(url.protocol);
  const ask = url.protocol === "https:" ? secureRequest : request;
  return async (data) => {
    const asked = ask(url, { method, headers, agent, timeout: timeoutMs });
    const giveUp = (): void => void asked.destroy(timedOut());
    asked.on("error", ignore).on("timeout", shield(giveUp, undefined));
    asked.end(data);
    const [response]: IncomingMessage[] = await once(asked, "response");
    if (response === undefined) throw timedOut();
    const { statusCode: status = 0, headers: answered } = response;
    return { status, retryAfter: answered["retry-after"] ?? null, body: await bodyOf(response) };
  };
};
