// A receiver for flag targets of type `webhook`, to start from: it keeps flags in memory. Put your flag system where
// `flags` is read and written. Start it with: LEEWAY_SECRET=whsec_… PORT=8090 node flag-receiver.mjs
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
import { Webhook } from "standardwebhooks";

const REMEMBERED = 1_000;

/** Answers requests on `flags` (name to { share, revision }): `({ headers, text }) => { status, body }`. */
export const createFlagReceiver = ({ secret, flags }) => {
  const webhook = new Webhook(secret);
  // what was done under an id is answered again and not done again: an answer may have been lost on its way
  const done = new Map();

  const set = ({ flag, share, revision }) => {
    const current = flags.get(flag);
    if (revision !== null && revision !== current.revision) return { status: 409 };
    if (share === current.share) return { status: 200, body: { ...current, changed: false } };
    const next = { share, revision: String(Number(current.revision) + 1) };
    flags.set(flag, next);
    return { status: 200, body: { ...next, changed: true } };
  };

  return ({ headers, text }) => {
    let message;
    try {
      message = webhook.verify(text, headers); // refuses another signature, and what is older than five minutes
    } catch {
      return { status: 401 };
    }
    const { type, data } = message;
    if (data.version !== 1) return { status: 400 };
    if (!flags.has(data.flag)) return { status: 404 };
    if (type === "leeway.flag.read") return { status: 200, body: flags.get(data.flag) };
    if (type !== "leeway.flag.set" || !(data.share >= 0 && data.share <= 1)) return { status: 400 };
    const id = headers["webhook-id"];
    const answer = done.get(id) ?? set(data);
    if (answer.status === 200) done.set(id, answer);
    if (done.size > REMEMBERED) done.delete(done.keys().next().value);
    return answer;
  };
};

const serve = () => {
  const flags = new Map([["support-model", { share: 0, revision: "1" }]]);
  const receive = createFlagReceiver({ secret: process.env.LEEWAY_SECRET, flags });
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const part of request) text += part;
    const { status, body } = receive({ headers: request.headers, text });
    response.writeHead(status, { "content-type": "application/json" });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  });
  server.listen(Number(process.env.PORT ?? 8090), "127.0.0.1");
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) serve();
