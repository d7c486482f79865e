import { request } from "node:http";
import { expect, test } from "vitest";
import { openSocket } from "../../http/open-socket.ts";
import { chatSpan, decodeResponse, jsonRequest, protobufRequest } from "../otlp-request.ts";
import { startCollector } from "../start-collector.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const TRACES = "/v1/traces";

/** Posts with a Host header of one's own, which fetch does not let one write. */
const postAs = (url: string, headers: Readonly<Record<string, string>>, n = 1): Promise<[number, string]> =>
  new Promise((resolve, reject) => {
    const asked = request(`${url}${TRACES}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
    });
    asked.on("error", reject).on("response", (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve([response.statusCode ?? 0, text]));
    });
    asked.end(JSON.stringify(jsonRequest([chatSpan(n)])));
  });

test.each<[string, Record<string, string>]>([
  ["a name that was made to point here", { host: "attacker.example:4318" }],
  ["another machine's address", { host: "10.0.0.7:4318" }],
  ["another site's page", { origin: "https://attacker.example" }],
  ["a sandboxed page", { origin: "null" }],
  ["a page's request across sites", { "sec-fetch-site": "cross-site" }],
])("without a token, takes no spans from %s", async (_who, headers) => {
  const { collector } = await startCollector({ hosts: ["host.docker.internal"] });
  const [status, body] = await postAs(collector.url, headers);
  expect([status, JSON.parse(body)]).toEqual([403, { code: 7, message: expect.stringMatching(/\S/) }]);
  expect(collector.stats()).toMatchObject({ rows: 0, refused: { foreign: 1 } });
});

test.each(["localhost:4318", "127.0.0.1:4318", "[::1]:4318", "host.docker.internal:4318"])(
  "without a token, takes spans addressed to %s",
  async (host) => {
    const { collector } = await startCollector({ hosts: ["host.docker.internal"] });
    expect((await postAs(collector.url, { host }))[0]).toBe(200);
  },
);

test("with a token, the token decides and no name", async () => {
  const { collector } = await startCollector({ token: "a-long-token" });
  const headers = { host: "leeway.monitoring.svc:4318", authorization: "Bearer a-long-token" };
  expect((await postAs(collector.url, headers))[0]).toBe(200);
  expect((await postAs(collector.url, { host: "127.0.0.1" }))[0]).toBe(401);
});

/** A collector in which nothing gets its turn until `go` is called. */
const stopped = async () => {
  const command = Promise.withResolvers<void>();
  const world = await startCollector({}, { clear: () => command.promise });
  return { ...world, go: command.resolve };
};

const MOST = 256;

test("answers 503 with Retry-After when too many requests are under way, and loses none that it took", async () => {
  const { collector, post, rows, go } = await stopped();
  const taken = Array.from({ length: MOST }, (_, n) => post(TRACES, jsonRequest([chatSpan(n)])));
  await expect.poll(() => collector.stats().admission.requests).toBe(MOST);

  const refused = await post(TRACES, jsonRequest([chatSpan(MOST)]));
  expect([refused.status, refused.headers.get("retry-after"), await refused.json()]).toEqual([
    503,
    "1",
    { code: 14, message: "the agent has more to do than it can; send again later" },
  ]);
  const binary = await post("/v1/logs", protobufRequest([chatSpan(MOST)]));
  expect([binary.status, binary.headers.get("content-type")]).toEqual([503, "application/x-protobuf"]);
  expect(decodeResponse("RpcStatus", new Uint8Array(await binary.arrayBuffer()))).toMatchObject({ code: 14 });
  expect(collector.stats()).toMatchObject({ refused: { overloaded: 2 }, admission: { refusedInSpell: 2 } });

  go();
  expect(new Set((await Promise.all(taken)).map(({ status }) => status))).toEqual(new Set([200]));
  expect((await post(TRACES, jsonRequest([chatSpan(MOST)]))).status).toBe(200);
  await collector.flush();
  expect(rows()).toHaveLength(MOST + 1);
  expect(collector.stats().admission).toMatchObject({ requests: 0, bytes: 0, waitMs: 0, diskMs: null });
});

test("refuses before the body has come, does not read it, and goes on with the connection", async () => {
  const { collector, post, go } = await stopped();
  const taken = Array.from({ length: MOST }, (_, n) => post(TRACES, jsonRequest([chatSpan(n)])));
  await expect.poll(() => collector.stats().admission.requests).toBe(MOST);
  const body = JSON.stringify(jsonRequest([chatSpan(MOST)]));
  const head = `POST ${TRACES} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  const socket = await openSocket(collector.url);
  socket.write(head);
  await expect.poll(socket.received).toMatch(/^HTTP\/1\.1 503 [\s\S]+retry-after: 1[\s\S]+send again later"}$/i);
  go();
  await Promise.all(taken);
  socket.write(`${body}${head}${body}`);
  await expect.poll(socket.received).toMatch(/HTTP\/1\.1 200 /);
  socket.socket.destroy();
});

test.each(["head", "body", "chunked body"])(
  "a sender that goes away in the middle of its %s is no error",
  async (what) => {
    const { collector, log, post } = await startCollector();
    const end =
      what === "head" ? "" : what === "body" ? "Content-Length: 9\r\n\r\nhalf" : "Transfer-Encoding: chunked\r\n\r\n";
    const socket = await openSocket(collector.url);
    socket.write(`POST ${TRACES} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n${end}`);
    if (what !== "head") await expect.poll(() => collector.stats().admission.requests).toBe(1);
    socket.socket.destroy();
    await expect.poll(() => collector.stats().connections.open).toBe(0);
    await expect.poll(() => collector.stats().admission).toMatchObject({ requests: 0, bytes: 0 });
    expect((await post(TRACES, jsonRequest([chatSpan(1)]))).status).toBe(200);
    expect(log.lines).toEqual([]);
  },
);

test("a spool that is full refuses before the body is read", async () => {
  const insert = (): Promise<never> => Promise.reject(new Error("no store"));
  const roomy = await startCollector({}, { insert });
  expect((await roomy.post(TRACES, jsonRequest([chatSpan(1)]))).status).toBe(200);
  const { bytes } = roomy.collector.stats().spool;

  // three quarters of it are the calls'
  const spool = { dir: await temporaryDirectory(), maxBytes: Math.floor((bytes * 4) / 3) + 1 };
  const { collector, post } = await startCollector({ spool }, { insert });
  expect((await post(TRACES, jsonRequest([chatSpan(1)]))).status).toBe(200);
  const answer = await post(TRACES, "this is no JSON");
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(collector.stats().refused).toMatchObject({ "spool-full": 1, malformed: 0 });
});

test("says in words that more arrives than it can take, when that goes on", async () => {
  const command = Promise.withResolvers<void>();
  const clock = { ms: 0 };
  const { collector, post } = await startCollector({}, { clear: () => command.promise, elapsed: () => clock.ms });
  const taken = Array.from({ length: MOST }, (_, n) => post(TRACES, jsonRequest([chatSpan(n)])));
  await expect.poll(() => collector.stats().admission.requests).toBe(MOST);
  for (const ms of [0, 6_000, 12_000]) {
    expect(collector.problems()).toEqual([]);
    clock.ms = ms;
    expect((await post("/v1/metrics", {})).status).toBe(503);
  }
  expect(collector.problems()).toEqual([
    "more spans arrive than can be taken: 3 requests were refused in 12 s, to be sent again; give the agent more processor, or send it less",
  ]);
  command.resolve();
  await Promise.all(taken);
  clock.ms += 10_001;
  expect(collector.problems()).toEqual([]);
});
