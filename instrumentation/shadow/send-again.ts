import { type IncomingMessage, request } from "node:http";
import { request as secureRequest } from "node:https";
import { wireFormatOf } from "../../formats/wire/wire-formats.ts";
import { quietAgent } from "../export/quiet-agent.ts";
import type { BodyObserver } from "../fetch/body-observer.ts";
import type { CallObserver } from "../fetch/call-observer.ts";
import type { ModelCall } from "../fetch/model-call.ts";
import { shield } from "../shield.ts";

/** A request that is made a second time. */
export interface SecondSending {
  readonly url: string;
  /** With the key. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly text: string;
  readonly timeoutMs: number;
  /** True where the answer's text is wanted. Default: false. */
  readonly isRead?: boolean;
}

/**
 * Sends it, followed as a call of this process like any other, and reads the answer to its end. Resolves when all is over, however
 * it ended: the observer hears how. With the answer's text, where it is wanted and came whole; else null. Never keeps the process
 * alive.
 */
export type SendAgain = (sending: SecondSending) => Promise<string | null>;

/** Connections to one host; no more second calls are under way than the document says. */
const MAX_SOCKETS = 64;

const IGNORE = shield(() => undefined, undefined);

const timedOut = (): Error => Object.assign(new Error("no answer in time"), { name: "TimeoutError" });

const followed = (response: IncomingMessage, call: ModelCall): BodyObserver => {
  const { statusCode: status = 0, headers } = response;
  const encoding = headers["content-encoding"] ?? "";
  if (status >= 200 && status < 300)
    return call.receiving(status, headers["content-type"] ?? null, undefined, encoding);
  return call.refused(status, undefined, encoding);
};

/** Sends by connections of its own, which no pool of the app's is kept from. */
export const createSendAgain = (
  observer: Pick<CallObserver, "begin" | "inside">,
  later: (fn: () => void, ms: number) => () => void,
): SendAgain => {
  const agents = { "http:": quietAgent("http:", MAX_SOCKETS), "https:": quietAgent("https:", MAX_SOCKETS) };
  return ({ url: address, headers, text, timeoutMs, isRead = false }) => {
    const url = new URL(address);
    const format = wireFormatOf(url);
    const all = new Headers({ "content-type": "application/json", "accept-encoding": "identity", ...headers });
    const matched = { url, format, body: text, headers: all, givenHeaders: null, signal: null };
    const call = format === null ? null : observer.begin({ ...matched, format });
    if (call === null) return Promise.resolve(null);
    return new Promise((resolve) => {
      const [send, agent] = url.protocol === "https:" ? [secureRequest, agents["https:"]] : [request, agents["http:"]];
      const asked = observer.inside(() => send(url, { method: "POST", headers: Object.fromEntries(all), agent }));
      const stop = later(() => void asked.destroy(timedOut()), timeoutMs);
      let told: BodyObserver | null = null;
      const pieces: Buffer[] = [];
      let isWhole = false;
      const end = (how: (told: BodyObserver | null) => void): void => {
        stop();
        how(told);
        resolve(isWhole ? Buffer.concat(pieces).toString("utf8") : null);
      };
      const failed = shield(
        (error: unknown) => end((body) => (body === null ? call.failed(error) : body.fail(error))),
        undefined,
      );
      const answered = shield((response: IncomingMessage): void => {
        const body = followed(response, call);
        told = body;
        body.reading();
        const piece = (data: Buffer): void => {
          if (isRead) pieces.push(data);
          body.chunk(data);
          body.reading();
        };
        response.on("data", shield(piece, undefined));
        response.on(
          "end",
          shield(() => {
            isWhole = isRead && response.statusCode === 200;
            end(() => body.end());
          }, undefined),
        );
        response.on("error", failed);
        response.on(
          "close",
          shield(() => end(IGNORE), undefined),
        );
      }, undefined);
      asked
        .on("response", answered)
        .on("error", failed)
        .on(
          "close",
          shield(() => end(IGNORE), undefined),
        );
      asked.end(text);
    });
  };
};
