import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createHeartbeat } from "../../../agent/heartbeat/heartbeat.ts";
import { recordingLog } from "../../store/recording-log.ts";

const SECRET = "5b1f0c6e";
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A heartbeat every minute, a receiver that answers as told, and a clock. */
const world = async (answer: RequestListener = (_request, response) => void response.end("OK")) => {
  let listener = answer;
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    listener(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(
    () => void server.closeAllConnections(),
    () => void server.close(),
  );
  const { port } = server.address() as AddressInfo;
  let [at, why] = [1_000_000, ""];
  const ending = new AbortController();
  const { log, messages } = recordingLog();
  const heartbeat = createHeartbeat(
    { url: `http://127.0.0.1:${port}/${SECRET}`, everyMs: 60_000, timeoutMs: 200 },
    { trouble: async () => why, now: () => at, elapsed: () => at - 900_000, log, ending: ending.signal },
  );
  return {
    heartbeat,
    asked,
    messages,
    ending,
    answering: (next: RequestListener) => {
      listener = next;
    },
    /** Looks `seconds` later, with this trouble. */
    after: async (seconds: number, trouble = ""): Promise<number> => {
      at += seconds * 1000;
      why = trouble;
      await heartbeat.look();
      return asked.length;
    },
  };
};

describe("a heartbeat", () => {
  it("is one GET of its address, at once and then as often as it should be", async () => {
    const { after, asked, heartbeat } = await world();
    expect(heartbeat.view()).toEqual({ lastSuccess: null, failures: 0, withheld: false });
    expect([await after(0), await after(59), await after(1), await after(60)]).toEqual([1, 1, 2, 3]);
    expect(new Set(asked)).toEqual(new Set([`GET /${SECRET}`]));
    expect(heartbeat.view()).toEqual({ lastSuccess: 1_120_000, failures: 0, withheld: false });
  });

  it("is withheld while anything is not judged, and comes as soon as all is", async () => {
    const { after, heartbeat, messages } = await world();
    await after(0);
    expect([await after(60, "m: judged no further"), await after(3600, "m: judged no further")]).toEqual([1, 1]);
    expect(heartbeat.view()).toMatchObject({ withheld: true, failures: 0 });
    expect(heartbeat.problem()).toBe("the heartbeat is withheld: m: judged no further");
    expect(messages.filter((message) => message.includes("withheld"))).toHaveLength(1);
    expect([await after(1), heartbeat.problem()]).toEqual([2, ""]);
  });

  it.each<[string, RequestListener, RegExp]>([
    ["refused", (_request, response) => void response.writeHead(404).end(SECRET), /HTTP 404/],
    [
      "sent elsewhere",
      (_request, response) => void response.writeHead(302, { location: `/${SECRET}/x` }).end(),
      /redirects are not followed/,
    ],
    ["cut off", (request) => void request.socket.destroy(), /ECONNRESET|UND_ERR_SOCKET/],
    ["never answered", () => undefined, /no answer in time/],
  ])("that is %s is tried again soon, said once, and shows no secret", async (_what, answer, expected) => {
    const { after, heartbeat, messages, answering, asked } = await world(answer);
    expect([await after(0), await after(14), await after(1)]).toEqual([1, 1, 2]);
    expect(heartbeat.view()).toEqual({ lastSuccess: null, failures: 2, withheld: false });
    expect(heartbeat.problem()).toMatch(expected);
    answering((_request, response) => void response.end());
    await after(15);
    expect([asked.length, heartbeat.problem()]).toEqual([3, ""]);
    expect(messages).toEqual([expect.stringMatching(/does not arrive/), expect.stringMatching(/arrives again/)]);
    expect(JSON.stringify([messages, heartbeat.view()])).not.toContain(SECRET);
  });

  it("is given up when the agent ends, and that is no failure", async () => {
    const { heartbeat, ending } = await world(() => ending.abort());
    await heartbeat.look();
    expect([heartbeat.view().failures, heartbeat.problem()]).toEqual([0, ""]);
  });
});
