// The provider and the collector of a measurement, in a process of their own so that their work is not measured.
// Prints their addresses as one line of JSON; ends with its parent.
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createCollector } from "./collector.ts";

const CHUNKS = 200;
const CHUNK_MS = 1;
const TEXT = "The parcel left the warehouse this morning and should reach you on Monday at the latest. ".repeat(7);
/** Every answer has an id of its own, as providers' have: whatever is remembered of one does not fit the next. */
const HEAD = { id: "chatcmpl-0000000", created: 1_700_000_000, model: "bench-2026", system_fingerprint: "fp_1" };
const USAGE = { prompt_tokens: 120, completion_tokens: 140, total_tokens: 260 };

const PLAIN = JSON.stringify({
  ...{ ...HEAD, object: "chat.completion", usage: USAGE },
  choices: [{ index: 0, message: { role: "assistant", content: TEXT, refusal: null }, finish_reason: "stop" }],
});

const chunk = (delta: object, finish_reason: string | null): string => {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason }];
  return `data: ${JSON.stringify({ ...HEAD, object: "chat.completion.chunk", choices })}\n\n`;
};

const STREAM = [
  chunk({ role: "assistant", content: "" }, null),
  ...Array.from({ length: CHUNKS - 2 }, (_, index) => chunk({ content: `word${index} ` }, null)),
  chunk({}, "stop"),
  "data: [DONE]\n\n",
];

let answers = 0;
const withId = (text: string, answer: number): string =>
  text.replace(HEAD.id, `chatcmpl-${String(answer).padStart(7, "0")}`);

const readBody = async (incoming: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
};

const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
  const body = await readBody(incoming);
  answers += 1;
  const number = answers;
  if (!body.includes('"stream":true')) {
    response.writeHead(200, { "content-type": "application/json" }).end(withId(PLAIN, number));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const piece of STREAM) {
    response.write(withId(piece, number));
    // Each piece is one of its own for the reader, whoever that is; without a wait they come joined as it happens.
    await sleep(CHUNK_MS);
  }
  response.end();
};

const listen = async (handler: RequestListener): Promise<string> => {
  const server = createServer(handler);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

process.stdout.write(
  `${JSON.stringify({ provider: await listen(answer), collector: (await createCollector()).url })}\n`,
);
process.stdin.resume().once("end", () => process.exit());
