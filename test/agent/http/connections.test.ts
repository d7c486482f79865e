import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chatSpan, jsonRequest } from "../../collector/otlp-request.ts";
import { openSocket, type RawSocket } from "../../http/open-socket.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const PROCESS = fileURLToPath(new URL("./listening-process.ts", import.meta.url));
const DESCRIPTORS = 256;
const FLOOD = 600;

let child: ChildProcess;
let urls: { readonly agent: string; readonly collector: string };
const logged: string[] = [];

beforeAll(async () => {
  const run = `ulimit -n ${DESCRIPTORS}; exec "${process.execPath}" "${PROCESS}" "${temporaryDirectory()}"`;
  child = spawn("sh", ["-c", run], { stdio: ["ignore", "pipe", "inherit"] });
  if (child.stdout === null) throw new Error("no output");
  const lines = createInterface({ input: child.stdout });
  const [first] = await once(lines, "line");
  urls = JSON.parse(String(first));
  lines.on("line", (line) => logged.push(line));
});
afterAll(async () => {
  child.kill("SIGTERM");
  await once(child, "exit");
});

const flood = async (url: string, text: string): Promise<readonly RawSocket[]> => {
  const sockets: RawSocket[] = [];
  while (sockets.length < FLOOD) {
    const some = await Promise.all(Array.from({ length: 50 }, () => openSocket(url)));
    for (const socket of some) socket.write(text);
    sockets.push(...some);
  }
  return sockets;
};

const post = async (url: string, body: unknown): Promise<number> => {
  const headers = { "content-type": "application/json", connection: "close" };
  return (await fetch(url, { method: "POST", headers, body: JSON.stringify(body) })).status;
};

const rollback = (): Promise<number> =>
  post(`${urls.agent}/api/v1/migrations/m/commands`, { command: "rollback", reason: "r", by: "b" });
const evaluate = (): Promise<number> =>
  post(`${urls.agent}/ofrep/v1/evaluate/flags/model`, { context: { targetingKey: "u" } });
const sendSpan = (n: number): Promise<number> => post(`${urls.collector}/v1/traces`, jsonRequest([chatSpan(n)]));

const HALF_HEAD = "POST /v1/traces HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Ty";
const halfBody = (path: string, length = "Content-Length: 100"): string =>
  `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n${length}\r\n\r\n`;
const CHUNKED = "Transfer-Encoding: chunked";

describe(`with ${DESCRIPTORS} descriptors, ${FLOOD} connections`, () => {
  it.each<[string, "agent" | "collector", string]>([
    ["that only connect to the collector", "collector", ""],
    ["with half a head at the collector", "collector", HALF_HEAD],
    ["with half a body at the collector", "collector", halfBody("/v1/traces")],
    ["with half a chunked body at the collector", "collector", halfBody("/v1/traces", CHUNKED)],
    ["with half a head at the agent", "agent", HALF_HEAD],
    ["of clients that evaluate flags and stop half-way", "agent", halfBody("/ofrep/v1/evaluate/flags/model")],
    ["of those, chunked", "agent", halfBody("/ofrep/v1/evaluate/flags/model", CHUNKED)],
  ])("%s keep no command, flag or span out", async (_what, listener, text) => {
    const sockets = await flood(urls[listener], text);
    try {
      // the collector may ask a sender to wait until slow bodies have made room
      expect([await rollback(), await evaluate()]).toEqual([200, 200]);
      const status = (): Promise<number | string> => sendSpan(1).catch((error: Error) => error.message);
      await expect.poll(status).toBe(200);
      expect((await fetch(`${urls.agent}/healthz`)).status).toBe(200);
    } finally {
      for (const { socket } of sockets) socket.destroy();
      await Promise.all(sockets.map(({ closed }) => closed));
    }
  });

  it("that were cut off are no errors in the log, and those who ask are answered as before", async () => {
    expect([await rollback(), await evaluate(), await sendSpan(1)]).toEqual([200, 200, 200]);
    expect(logged).toEqual([]);
  });
});
