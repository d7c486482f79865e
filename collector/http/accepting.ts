import type { RequestRefusal } from "../../core/collector-stats.ts";
import type { Intake } from "../intake.ts";
import { decodeBody } from "../otlp/decode-body.ts";
import type { Encoding } from "../otlp/encoding.ts";
import type { Signal } from "../otlp/signal.ts";
import { inTurns, type Turns } from "../turns.ts";
import { type Reply, refusal } from "./reply.ts";

/** Decodes a body; resolves with what is left to do, which ends in the reply. */
export type Accept = (body: Uint8Array, encoding: Encoding) => Promise<() => Promise<Reply>>;

/** Decodes bodies in turns, each into an intake of its own; one that is malformed or holds too much is refused. */
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
    if (decoded.outcome === "decoded") return () => intake.finish(encoding);
    countRefusal(decoded.outcome);
    const reply = refusal(decoded.outcome, decoded.problem, encoding);
    return async () => reply;
  };
