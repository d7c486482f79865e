import type { IncomingMessage } from "node:http";
import { isAuthorised } from "../../http/is-authorised.ts";
import { decodeBody } from "../otlp/decode-body.ts";
import { type Encoding, encodingOf } from "../otlp/encoding.ts";
import type { RequestMessage } from "../otlp/messages.ts";
import { drainBody, readBody } from "./read-body.ts";
import { type Reply, type RequestRefusal, refusal } from "./reply.ts";

/** What a signal does with a decoded request. */
export type Accept = (body: Uint8Array, encoding: Encoding) => Promise<Reply>;

/** What every request is checked against. */
export interface RequestPolicy {
  readonly token: string | null;
  /** Of the body, as sent and decompressed. */
  readonly maxBodyBytes: number;
  /** By path. */
  readonly signals: Readonly<Record<string, Accept>>;
  readonly countRefusal: (why: RequestRefusal) => void;
}

const COMPRESSED: Readonly<Record<string, boolean>> = { identity: false, "": false, gzip: true };

/** Decodes a body with `read` and goes on with what it holds; a malformed one is refused. */
export const accepting =
  <T>(
    type: RequestMessage,
    read: (message: unknown) => T,
    countRefusal: (why: RequestRefusal) => void,
    accept: (value: T, encoding: Encoding) => Promise<Reply>,
  ): Accept =>
  async (body, encoding) => {
    const decoded = decodeBody(type, encoding, body, read);
    if (decoded.outcome === "decoded") return accept(decoded.value, encoding);
    countRefusal("malformed");
    return refusal("malformed", decoded.problem, encoding);
  };

type Refuse = (why: RequestRefusal, message: string) => Reply;

/** What can be said about a request before its body is read. */
type Admission =
  | { readonly outcome: "refused"; readonly reply: Reply }
  | { readonly outcome: "admitted"; readonly accept: Accept; readonly encoding: Encoding; readonly gzipped: boolean };

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
  const body = await readBody(request, admission.gzipped, policy.maxBodyBytes);
  if (body.outcome === "gone") return null;
  if (body.outcome === "too-large") return refuse("too-large", `the body is larger than ${policy.maxBodyBytes} bytes`);
  if (body.outcome === "malformed") return refuse("malformed", "the body is not valid gzip");
  return admission.accept(body.bytes, admission.encoding);
};
