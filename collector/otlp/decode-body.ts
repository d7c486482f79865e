import { messageOf } from "../../core/errors.ts";
import type { Encoding } from "./encoding.ts";
import { decodeMessage, type RequestMessage } from "./messages.ts";

/** How decoding a request body ended. `problem` is one line and never quotes the body. */
export type Decoded<T> =
  | { readonly outcome: "decoded"; readonly value: T }
  | { readonly outcome: "malformed"; readonly problem: string };

const parseJson = (body: Uint8Array): unknown => {
  try {
    // fatal: a body that is not UTF-8 is refused instead of being stored with replacement characters
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    // the parser's own message quotes the body, which may hold prompts
    throw new Error("the body is not valid JSON");
  }
};

/**
 * Decodes one request body and hands the message to `read`, which throws on a message of the wrong shape. Both
 * encodings go through the same `read`, so they cannot differ in what they yield.
 */
export const decodeBody = <T>(
  type: RequestMessage,
  encoding: Encoding,
  body: Uint8Array,
  read: (message: unknown) => T,
): Decoded<T> => {
  try {
    const message = encoding === "json" ? parseJson(body) : decodeMessage(type, body);
    return { outcome: "decoded", value: read(message) };
  } catch (error) {
    return { outcome: "malformed", problem: `${type}: ${messageOf(error)}` };
  }
};
