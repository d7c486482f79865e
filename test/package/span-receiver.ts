import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A provider that answers every chat completion, and a collector that keeps what it is sent, on one loopback port. */
export interface SpanReceiver {
  readonly url: string;
  /** Bodies of `POST /v1/traces`, as text. */
  readonly bodies: readonly string[];
  readonly close: () => Promise<void>;
}

const COMPLETION = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "model-of-the-test",
  choices: [{ index: 0, message: { role: "assistant", content: "hello there" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 },
});

/** Starts it. */
export const startSpanReceiver = async (): Promise<SpanReceiver> => {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const isTrace = request.url === "/v1/traces";
    if (isTrace) bodies.push(Buffer.concat(chunks).toString("utf8"));
    response.setHeader("content-type", "application/json");
    response.end(isTrace ? "{}" : COMPLETION);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url: `http://127.0.0.1:${port}`, bodies, close };
};
