import type { IncomingMessage } from "node:http";
import { isAuthorised } from "../../http/is-authorised.ts";
import type { Intake } from "../intake.ts";
import { decodeBody } from "../otlp/decode-body.ts";
import { type Encoding, encodingOf } from "../otlp/encoding.ts";
import type { Signal } from "../otlp/signal.ts";
import { inTurns, type Turns } from "../turns.ts";
import type { BodyRoom } from "./body-room.ts";
import { declaredSize, inflate, inflationLimit } from "./inflate.ts";
import { drainBody, readBody } from "./read-body.ts";
import { type Reply, type RequestRefusal, refusal } from "./reply.ts";

/** What a signal does with a decoded request. */
export type Accept = (body: Uint8Array, encoding: Encoding) => Promise<Reply>;

/** What every request is checked against. */
export interface RequestPolicy {
  readonly token: string | null;
  /** Of the body, as sent and decompressed. */
  readonly maxBodyBytes: number;
  /** Where bodies wait until they can be decoded. */
  readonly room: BodyRoom;
  /** By path. */
  readonly signals: Readonly<Record<string, Accept>>;
  readonly countRefusal: (why: RequestRefusal) => void;
}

const COMPRESSED: Readonly<Record<string, boolean>> = { identity: false, "": false, gzip: true };

/** Decodes a body in turns into an intake of its own; one that is malformed or holds too much is refused. */
export const accepting =
  <T extends object>(
    signal: Signal<T>,
    turns: Turns,
    countRefusal: (why: RequestRefusal) => void,
    begin: () => Promise<Intake<T>>,
  ): Accept =>
  async (body, encoding) => {
    const intake = await begin();
    const decoded = await inTurns(turns, decodeBody(signal, encoding, body), (record) => {
      if (record !== null) intake.add(record);
    });
    if (decoded.outcome === "decoded") return intake.finish(encoding);
    countRefusal(decoded.outcome);
    return refusal(decoded.outcome, decoded.problem, encoding);
  };

type Refuse = (why: RequestRefusal, message: string) => Reply;

/** What can be said about a request before its body is read. */
type Admission = { readonly outcome: "refused"; readonly reply: Reply } | Admitted;

interface Admitted {
  readonly outcome: "admitted";
  readonly accept: Accept;
  readonly encoding: Encoding;
  readonly gzipped: boolean;
}

const admit = ({ url, method, headers }: IncomingMessage, policy: RequestPolicy, refuse: Refuse): Admission => {
  const refused = (why: RequestRefusal, message: string): Admission => ({
    outcome: "refused",
    reply: refuse(why, message),
  });
  const path = url?.split("?", 1)[0] ?? "";
  const accept = Object.hasOwn(policy.signals, path) ? policy.signals[path] : undefined;
  const encoding = encodingOf(headers["content-type"]);
  const gzipped = COMPRESSED[headers["content-encoding"]?.toLowerCase() ?? ""];

  if (accept === undefined)
    return refused("not-found", `no such path; expected ${Object.keys(policy.signals).join(", ")}`);
  if (method !== "POST") return refused("wrong-method", "wrong method; expected POST");
  if (!isAuthorised(headers.authorization, policy.token)) {
    return refused(
      "unauthorised",
      "wrong or missing token; expected the header Authorization: Bearer <collector.token>",
    );
  }
  if (encoding === null)
    return refused("wrong-type", "Content-Type: expected application/x-protobuf or application/json");
  if (gzipped === undefined) return refused("wrong-type", "Content-Encoding: expected gzip or none");
  return { outcome: "admitted", accept, encoding, gzipped };
};

/** Stands for an answer until it is known whether the body was too large, or only larger than it said. */
const TOO_LARGE: Reply = refusal("too-large", "", null);

type BodyAnswer = (bytes: Uint8Array, admitted: Admitted, policy: RequestPolicy, refuse: Refuse) => Promise<Reply>;

/** Has `work` done in the room, where there is a place of `size` bytes. */
const inRoom = async (
  size: number,
  held: number,
  room: BodyRoom,
  refuse: Refuse,
  work: () => Promise<Reply>,
): Promise<Reply> => {
  const place = await room.enter(size, held);
  if (place === null) return refuse("busy", "too many bodies are being decoded; send again later");
  try {
    return await work();
  } finally {
    place.leave();
  }
};

/** Has a body answered that is inflated to what it says it is, and to what it may be at most where that was not true. */
const answerGzip: BodyAnswer = async (bytes, { accept, encoding }, { room, maxBodyBytes }, refuse) => {
  const limit = inflationLimit(bytes.length, maxBodyBytes);
  const attempt = (size: number): Promise<Reply> =>
    inRoom(size, bytes.length, room, refuse, async () => {
      const inflated = await inflate(bytes, size);
      if (inflated.outcome === "inflated") return accept(inflated.bytes, encoding);
      if (inflated.outcome === "malformed") return refuse("malformed", "the body is not valid gzip");
      return TOO_LARGE;
    });
  const declared = await attempt(Math.min(limit, declaredSize(bytes)));
  const reply = declared === TOO_LARGE ? await attempt(limit) : declared;
  if (reply !== TOO_LARGE) return reply;
  return refuse("too-large", `the body inflates to more than ${limit} bytes, from ${bytes.length}`);
};

const answerPlain: BodyAnswer = (bytes, { accept, encoding }, { room }, refuse) =>
  inRoom(bytes.length, bytes.length, room, refuse, () => accept(bytes, encoding));

/** Answers one request; null when the sender has gone. */
export const answerRequest = async (request: IncomingMessage, policy: RequestPolicy): Promise<Reply | null> => {
  const encoding = encodingOf(request.headers["content-type"]);
  const refuse: Refuse = (why, message) => {
    policy.countRefusal(why);
    return refusal(why, message, encoding);
  };
  const admission = admit(request, policy, refuse);
  if (admission.outcome === "refused") {
    await drainBody(request, policy.maxBodyBytes);
    return admission.reply;
  }
  const body = await readBody(request, policy.maxBodyBytes);
  if (body.outcome === "gone") return null;
  if (body.outcome === "too-large") return refuse("too-large", `the body is larger than ${policy.maxBodyBytes} bytes`);
  return (admission.gzipped ? answerGzip : answerPlain)(body.bytes, admission, policy, refuse);
};
