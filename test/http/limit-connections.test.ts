import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import type { ConnectionStats } from "../../core/collector-stats.ts";
import { limitConnections } from "../../http/limit-connections.ts";
import { openSocket, type RawSocket } from "./open-socket.ts";

interface Limited {
  readonly stats: () => ConnectionStats;
  readonly clock: { ms: number };
  readonly open: () => Promise<RawSocket>;
}

const limited = async (
  maxConnections: number,
  answer: RequestListener,
  mayCut: (request: IncomingMessage) => boolean = () => false,
): Promise<Limited> => {
  const server = createServer(answer);
  const clock = { ms: 0 };
  const stats = limitConnections(server, { maxConnections, slowBodyMs: 2_000, mayCut }, { elapsed: () => clock.ms });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sockets: RawSocket[] = [];
  onTestFinished(() => {
    for (const { socket } of sockets) socket.destroy();
    server.closeAllConnections();
    return new Promise((resolve) => void server.close(() => resolve()));
  });
  const open = async (): Promise<RawSocket> => {
    const before = stats().open + stats().dropped;
    const socket = await openSocket(url);
    sockets.push(socket);
    // the server has seen it, so that those that follow are younger
    await expect.poll(() => stats().open + stats().dropped).toBeGreaterThan(before);
    clock.ms += 1;
    return socket;
  };
  return { stats, clock, open };
};

const GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
const HALF_HEAD = "GET / HTTP/1.1\r\nHos";
const HALF_BODY = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf";

const answered = (socket: RawSocket, times = 1): Promise<unknown> =>
  expect.poll(() => socket.received().split("HTTP/1.1 200").length - 1).toBe(times);

test("counts what is open, and forgets what was closed", async () => {
  const { stats, open } = await limited(3, (_request, response) => response.end());
  const [first] = [await open(), await open()];
  expect(stats()).toEqual({ open: 2, limit: 3, dropped: 0 });
  first.socket.destroy();
  await expect.poll(() => stats().open).toBe(1);
});

test("closes the connection that has been idle for longest, kept ones and half heads alike", async () => {
  const { stats, open } = await limited(3, (_request, response) => response.end());
  const kept = await open();
  const half = await open();
  half.write(HALF_HEAD);
  const young = await open();
  // it has asked last
  kept.write(GET);
  await answered(kept);
  const newcomer = await open();
  await half.closed;
  newcomer.write(GET);
  await answered(newcomer);
  expect([kept.isClosed(), young.isClosed(), stats()]).toEqual([false, false, { open: 3, limit: 3, dropped: 1 }]);
});

test("a flood of half heads keeps nobody out", async () => {
  const { open } = await limited(4, (_request, response) => response.end());
  for (let n = 0; n < 50; n += 1) (await open()).write(HALF_HEAD);
  const socket = await open();
  socket.write(GET);
  await answered(socket);
});

test("slow bodies make room, but not those that have just begun", async () => {
  let begun = 0;
  const world = await limited(2, (request, response) => {
    begun += 1;
    request.resume().on("end", () => response.end());
  });
  const [slow, fresh] = [await world.open(), await world.open()];
  slow.write(HALF_BODY);
  await expect.poll(() => begun).toBe(1);
  world.clock.ms += 3_000;
  fresh.write(HALF_BODY);
  await expect.poll(() => begun).toBe(2);
  const newcomer = await world.open();
  newcomer.write(GET);
  await answered(newcomer);
  await slow.closed;
  expect(fresh.isClosed()).toBe(false);
});

test("never closes a connection whose request is being answered: the newcomer is turned away", async () => {
  const answers: (() => void)[] = [];
  const world = await limited(2, (request, response) => {
    request.resume();
    answers.push(() => response.end("done"));
  });
  const [one, two] = [await world.open(), await world.open()];
  one.write(GET);
  two.write(GET);
  await expect.poll(() => answers.length).toBe(2);
  world.clock.ms += 3_600_000;
  const newcomer = await world.open();
  await newcomer.closed;
  for (const answer of answers) answer();
  await Promise.all([answered(one), answered(two)]);
  expect(world.stats().dropped).toBe(1);
});

test("where all are being answered, one is cut off that may be, never one that may not", async () => {
  const answers: (() => void)[] = [];
  const world = await limited(
    2,
    (_request, response) => void answers.push(() => response.end()),
    ({ url }) => url !== "/commands",
  );
  const [command, status] = [await world.open(), await world.open()];
  command.write(GET.replace("/ ", "/commands "));
  await expect.poll(() => answers.length).toBe(1);
  status.write(GET);
  await expect.poll(() => answers.length).toBe(2);
  const second = await world.open();
  await status.closed;
  second.write(GET.replace("/ ", "/commands "));
  await expect.poll(() => answers.length).toBe(3);
  await (await world.open()).closed;
  for (const answer of answers) answer();
  await Promise.all([answered(command), answered(second)]);
});

test("a connection with several requests under way is idle when the last of them is answered", async () => {
  const answers: (() => void)[] = [];
  const world = await limited(1, (_request, response) => void answers.push(() => response.end()));
  const socket = await world.open();
  socket.write(GET + GET);
  await expect.poll(() => answers.length).toBe(2);
  answers[0]?.();
  await answered(socket);
  await (await world.open()).closed;
  expect(socket.isClosed()).toBe(false);
  answers[1]?.();
  await answered(socket, 2);
  const newcomer = await world.open();
  await socket.closed;
  expect(newcomer.isClosed()).toBe(false);
});
