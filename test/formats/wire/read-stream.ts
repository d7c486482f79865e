import type { AnswerFacts } from "../../../formats/wire/answer-facts.ts";
import type { WireFormat } from "../../../formats/wire/wire-format.ts";
import { createBodyRecorder } from "../../../instrumentation/fetch/body-recorder.ts";
import { createByteBlocks } from "../../../instrumentation/fetch/byte-blocks.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What a format makes of a streamed answer that came in these pieces. */
export const readStream = (
  format: WireFormat,
  pieces: readonly (string | Uint8Array)[],
  { url = "http://x.test/", contentType = "text/event-stream" }: { url?: string; contentType?: string } = {},
): AnswerFacts => {
  const recorder = createBodyRecorder(format, new URL(url), contentType, createByteBlocks());
  for (const piece of pieces) recorder.push(typeof piece === "string" ? bytes(piece) : piece);
  const facts = recorder.facts();
  if (!recorder.streamed || facts === null) throw new Error("not read as a stream");
  return facts;
};

/** Whether a format sees content in the pieces of a stream so far. */
export const seesContent = (format: WireFormat, pieces: readonly string[]): boolean => {
  const recorder = createBodyRecorder(format, new URL("http://x.test/"), "text/event-stream", createByteBlocks());
  return pieces.map((piece) => recorder.push(bytes(piece))).at(-1) ?? false;
};

/** Server-sent events of these objects. */
export const sse = (...events: readonly unknown[]): string =>
  events.map((event) => `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`).join("");
