// A provider on loopback that answers at once, in a process of its own; says its port to whoever started it.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

const ANSWER = JSON.stringify({ total: 12, text: "the answer", items: [{ id: "a" }, { id: "b" }] });
const body = JSON.stringify({
  ...{ id: "c", object: "chat.completion", model: "m" },
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: ANSWER } }],
  usage: { prompt_tokens: 10, completion_tokens: 20, total_tokens: 30 },
});

const server = createServer((request, response) => {
  request.resume().on("end", () => response.writeHead(200, { "content-type": "application/json" }).end(body));
});
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.on("disconnect", () => process.exit());
