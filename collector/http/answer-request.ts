import type { IncomingMessage } from "node:http";
import type { RequestRefusal } from "../../core/collector-stats.ts";
import { refuseForeign } from "../../http/refuse-foreign.ts";
import { type Encoding, encodingOf } from "../otlp/encoding.ts";
import type { Accept } from "./accepting.ts";
import type { Admission, Congestion, Visit } from "./admission.ts";
import { answerBody } from "./answer-body.ts";
import type { BodyRoom } from "./body-room.ts";
import { drainBody, readBody } from "./read-body.ts";
import { refuseSender } from "./refuse-sender.ts";
import { type Reply, refusal, SPOOL_FULL } from "./reply.ts";
import { type Served, serveJson } from "./serve-json.ts";

/** A kind of requests. */
export interface RequestKind {
  readonly accept: Accept;
  /** True while what it accepts could not be kept. */
  readonly isFull: () => boolean;
}

/** What every request is checked against. */
export interface RequestPolicy {
  readonly token: string | null;
  /** Names beside the loopback's under which a listener without a token may be addressed. */
  readonly hosts: readonly string[];
  /** Of the body, as sent and decompressed. */
  readonly maxBodyBytes: number;
  /** Where bodies wait until they can be decoded. */
  readonly room: BodyRoom;
  /** What apps may ask for, by path. */
  readonly served: Readonly<Record<string, Served>>;
  /** By path. */
  readonly signals: Readonly<Record<string, RequestKind>>;
  readonly admission: Admission;
  readonly countRefusal: (why: RequestRefusal) => void;
}

const COMPRESSED: Readonly<Record<string, boolean>> = { identity: false, "": false, gzip: true };

type Refuse = (why: RequestRefusal, message: string, retryAfterS?: number) => Reply;

/** What the head of a request asks for. */
type Asked =
  | { readonly outcome: "refused"; readonly reply: Reply }
  | {
      readonly outcome: "understood";
      readonly kind: RequestKind;
      readonly encoding: Encoding;
      readonly gzipped: boolean;
    };

const readHead = ({ url, method, headers }: IncomingMessage, policy: RequestPolicy, refuse: Refuse): Asked => {
  const refused = (why: RequestRefusal, message: string): Asked => ({
    outcome: "refused",
    reply: refuse(why, message),
  });
  const foreign = policy.token === null ? refuseForeign(headers, policy) : null;
  const path = url?.split("?", 1)[0] ?? "";
  const kind = Object.hasOwn(policy.signals, path) ? policy.signals[path] : undefined;
  const encoding = encodingOf(headers["content-type"]);
  const unauthorised = refuseSender(headers, policy.token);
  const gzipped = COMPRESSED[headers["content-encoding"]?.toLowerCase() ?? ""];

  if (foreign !== null) return refused("foreign", foreign);
  if (kind === undefined)
    return refused("not-found", `no such path; expected ${Object.keys(policy.signals).join(", ")}`);
  if (method !== "POST") return refused("wrong-method", "wrong method; expected POST");
  if (unauthorised !== null) return refused("unauthorised", unauthorised);
  if (encoding === null)
    return refused("wrong-type", "Content-Type: expected application/x-protobuf or application/json");
  if (gzipped === undefined) return refused("wrong-type", "Content-Encoding: expected gzip or none");
  return { outcome: "understood", kind, encoding, gzipped };
};

/** Content-Length, which Node has checked; null where the body is chunked. */
const announcedBytes = ({ headers }: IncomingMessage): number | null => {
  if (headers["transfer-encoding"] !== undefined) return null;
  return Number(headers["content-length"] ?? 0);
};

const CONGESTED: Readonly<Record<Congestion, string>> = {
  overloaded: "the agent has more to do than it can; send again later",
  "disk-slow": "rows take too long to reach the agent's disk; send again later",
};

const takeBody = async (
  request: IncomingMessage,
  { gzipped, kind, encoding }: Extract<Asked, { readonly outcome: "understood" }>,
  visit: Visit,
  { maxBodyBytes, room }: RequestPolicy,
  refuse: Refuse,
): Promise<Reply | null> => {
  const body = await readBody(request, maxBodyBytes);
  if (body.outcome === "gone") return null;
  if (body.outcome === "too-large") return refuse("too-large", `the body is larger than ${maxBodyBytes} bytes`);
  const sent = { bytes: body.bytes, gzipped, encoding, accept: kind.accept };
  return answerBody(sent, { visit, room, maxBodyBytes, refuse });
};

/** Answers one request; null when the sender has gone. */
export const answerRequest = async (request: IncomingMessage, policy: RequestPolicy): Promise<Reply | null> => {
  const refuse: Refuse = (why, message, retryAfterS) => {
    policy.countRefusal(why);
    return refusal(why, message, encodingOf(request.headers["content-type"]), retryAfterS);
  };
  const served = serveJson(request, policy, (why, message) => refuse(why, message));
  if (served !== null) {
    await drainBody(request, policy.maxBodyBytes);
    return served;
  }
  const asked = readHead(request, policy, refuse);
  if (asked.outcome === "refused") {
    await drainBody(request, policy.maxBodyBytes);
    return asked.reply;
  }
  // The bodies of what follows are not read: Node throws them away as they come, and the connection goes on.
  if (asked.kind.isFull()) return refuse("spool-full", SPOOL_FULL);
  const entry = policy.admission.enter({
    bytes: announcedBytes(request),
    gzipped: asked.gzipped,
    abandon: () => request.destroy(),
  });
  if (entry.outcome === "refused") return refuse(entry.why, CONGESTED[entry.why], entry.retryAfterS);
  try {
    return await takeBody(request, asked, entry.visit, policy, refuse);
  } finally {
    entry.visit.leave();
  }
};
