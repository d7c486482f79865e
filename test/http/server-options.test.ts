import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { SERVER_OPTIONS } from "../../http/server-options.ts";
import { openSocket } from "./open-socket.ts";

const url = async (): Promise<string> => {
  const quick = { headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 20 };
  expect(Object.keys(SERVER_OPTIONS)).toEqual(expect.arrayContaining(Object.keys(quick)));
  const server = createServer({ ...SERVER_OPTIONS, ...quick }, (request, response) => {
    request.on("error", () => undefined);
    request.resume().on("end", () => response.end("ok"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise((resolve) => void server.close(() => resolve())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

test.each([
  ["head", "POST / HTTP/1.1\r\nHost: x\r\n"],
  ["body", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n"],
  ["chunked body", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n"],
])("who sends a %s a byte at a time is cut off", async (_what, begin) => {
  const socket = await openSocket(await url());
  socket.write(begin);
  const drip = setInterval(() => socket.write("x"), 30);
  await socket.closed;
  clearInterval(drip);
  expect(socket.received()).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
});

test("times are in an order that leaves the longer work the longer time", () => {
  const { headersTimeout = 0, requestTimeout = 0, keepAliveTimeout = 0 } = SERVER_OPTIONS;
  expect(headersTimeout).toBeLessThan(requestTimeout);
  expect(requestTimeout).toBeLessThan(keepAliveTimeout);
});
