import type { RequestRefusal } from "../../core/collector-stats.ts";
import type { Encoding } from "../otlp/encoding.ts";
import type { Accept } from "./accepting.ts";
import type { Visit } from "./admission.ts";
import type { BodyRoom } from "./body-room.ts";
import { declaredSize, inflate, inflationLimit } from "./inflate.ts";
import { type Reply, refusal } from "./reply.ts";

/** A body that has been read, and what is to be done with it. */
export interface SentBody {
  readonly bytes: Uint8Array;
  readonly gzipped: boolean;
  readonly encoding: Encoding;
  readonly accept: Accept;
}

/** What answering a body needs. */
export interface AnswerParts {
  readonly visit: Visit;
  /** Where bodies wait until they can be decoded. */
  readonly room: BodyRoom;
  /** Of the body, as sent and inflated. */
  readonly maxBodyBytes: number;
  readonly refuse: (why: RequestRefusal, message: string, retryAfterS?: number) => Reply;
}

/** Bodies that wait are decoded, or given up, within seconds. */
const RETRY_S = 2;

/** Stands for an answer until it is known whether the body was too large, or only larger than it said. */
const TOO_LARGE: Reply = refusal("too-large", "", null);

/** Has `work` done in the room, where there is a place of `size` bytes for it, of which `held` are in memory already. */
const inRoom = async (
  { size, held }: { readonly size: number; readonly held: number },
  { room, refuse }: AnswerParts,
  work: () => Promise<Reply>,
): Promise<Reply> => {
  const place = await room.enter(size, held);
  if (place === null) return refuse("overloaded", "too many bodies wait to be decoded; send again later", RETRY_S);
  try {
    return await work();
  } finally {
    place.leave();
  }
};

const take = async (bytes: Uint8Array, { accept, encoding }: SentBody, { visit }: AnswerParts): Promise<Reply> => {
  visit.arrived(bytes.length);
  const finish = await accept(bytes, encoding);
  visit.decoded();
  return finish();
};

/** Has a body answered that is inflated to what it says it is, and to what it may be at most where that was not true. */
const answerGzip = async (body: SentBody, parts: AnswerParts): Promise<Reply> => {
  const { bytes } = body;
  const limit = inflationLimit(bytes.length, parts.maxBodyBytes);
  const attempt = (size: number): Promise<Reply> =>
    inRoom({ size, held: bytes.length }, parts, async () => {
      const inflated = await inflate(bytes, size);
      if (inflated.outcome === "inflated") return take(inflated.bytes, body, parts);
      if (inflated.outcome === "malformed") return parts.refuse("malformed", "the body is not valid gzip");
      return TOO_LARGE;
    });
  const declared = await attempt(Math.min(limit, declaredSize(bytes)));
  const reply = declared === TOO_LARGE ? await attempt(limit) : declared;
  if (reply !== TOO_LARGE) return reply;
  return parts.refuse("too-large", `the body inflates to more than ${limit} bytes, from ${bytes.length}`);
};

/** Inflates a body where it has to be, has it decoded when its turn comes, and its rows stored. */
export const answerBody = (body: SentBody, parts: AnswerParts): Promise<Reply> => {
  const size = body.bytes.length;
  return body.gzipped
    ? answerGzip(body, parts)
    : inRoom({ size, held: size }, parts, () => take(body.bytes, body, parts));
};
