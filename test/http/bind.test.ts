import { writeFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { connect, type SecureVersion, type TLSSocket } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { bind } from "../../http/bind.ts";
import { SERVER_OPTIONS } from "../../http/server-options.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { recordingLog } from "../store/recording-log.ts";
import { aCertificate, type Certificate } from "./a-certificate.ts";
import { openSocket } from "./open-socket.ts";

const PLACE = { section: "agent", rival: "the other agent" };

const secured = async (certificate: Certificate, maxConnections = 100) => {
  const folder = temporaryDirectory({ "a.crt": certificate.cert, "a.key": certificate.key });
  const tls = { cert: join(folder, "a.crt"), key: join(folder, "a.key") };
  const server = createServer(SERVER_OPTIONS, (_request, response) => response.end("hello"));
  const listener = await bind(
    server,
    { listen: { host: "127.0.0.1", port: 0 }, tls, maxConnections, slowBodyMs: 0, mayCut: () => false },
    PLACE,
    { now: Date.now, elapsed: () => performance.now(), log: recordingLog().log },
  );
  onTestFinished(() => listener.close(0));
  return { listener, tls };
};

/** A connection that has shaken hands, or the code of the error that kept it from it. */
const shake = (url: string, ca: string, maxVersion: SecureVersion = "TLSv1.3"): Promise<TLSSocket | string> =>
  new Promise((resolve) => {
    const { port } = new URL(url);
    // old versions need the lowest level of OpenSSL, so that it is the server that refuses them
    const old = maxVersion < "TLSv1.2" ? { minVersion: maxVersion, ciphers: "DEFAULT@SECLEVEL=0" } : {};
    const socket = connect({ host: "127.0.0.1", port: Number(port), ca, maxVersion, ...old });
    onTestFinished(() => void socket.destroy());
    socket.once("secureConnect", () => resolve(socket));
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });

const ask = async (socket: TLSSocket | string): Promise<string> => {
  if (typeof socket === "string") return socket;
  socket.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  return new Promise((resolve) => {
    socket.once("data", (chunk) => resolve(chunk.toString("latin1").split("\r\n", 1)[0] ?? ""));
    socket.once("close", () => resolve("closed"));
  });
};

test("says https where there is a certificate, and is reached with it", async () => {
  const certificate = aCertificate();
  const { listener } = await secured(certificate);
  expect(listener.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  expect(await ask(await shake(listener.url, certificate.cert))).toBe("HTTP/1.1 200 OK");
  expect(await shake(listener.url, aCertificate().cert)).toBe("DEPTH_ZERO_SELF_SIGNED_CERT");
});

test.each<[SecureVersion, boolean]>([
  ["TLSv1", false],
  ["TLSv1.1", false],
  ["TLSv1.2", true],
  ["TLSv1.3", true],
])("with %s a client gets in: %s", async (version, expected) => {
  const certificate = aCertificate();
  const { listener } = await secured(certificate);
  const socket = await shake(listener.url, certificate.cert, version);
  expect([version, typeof socket !== "string"]).toEqual([version, expected]);
});

test("answers nobody who speaks plain HTTP to it", async () => {
  const { listener } = await secured(aCertificate());
  const socket = await openSocket(listener.url);
  socket.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  await socket.closed;
  expect(socket.received()).not.toContain("hello");
});

test("takes a new certificate without a restart, and keeps the connections it has", async () => {
  const [before, after] = [aCertificate(), aCertificate()];
  const { listener, tls } = await secured(before);
  const kept = await shake(listener.url, before.cert);
  expect(await ask(kept)).toBe("HTTP/1.1 200 OK");
  writeFileSync(tls.cert, after.cert);
  writeFileSync(tls.key, after.key);
  const renewed = async (): Promise<boolean> => typeof (await shake(listener.url, after.cert)) !== "string";
  await expect.poll(renewed, { interval: 300 }).toBe(true);
  expect(await ask(kept)).toBe("HTTP/1.1 200 OK");
  expect(listener.problem()).toBe("");
});

test("bounds connections also while they shake hands", async () => {
  const certificate = aCertificate();
  const { listener } = await secured(certificate, 3);
  const silent = [];
  for (let n = 0; n < 20; n += 1) silent.push(await openSocket(listener.url));
  expect(await ask(await shake(listener.url, certificate.cert))).toBe("HTTP/1.1 200 OK");
  expect(listener.connections().open).toBeLessThanOrEqual(3);
  for (const { socket } of silent) socket.destroy();
});

test("names what is wrong with the certificate it is to start with", async () => {
  const folder = temporaryDirectory({ "a.crt": aCertificate().cert });
  const tls = { cert: join(folder, "a.crt"), key: join(folder, "a.key") };
  const settings = {
    listen: { host: "127.0.0.1", port: 0 },
    tls,
    maxConnections: 1,
    slowBodyMs: 0,
    mayCut: () => false,
  };
  const collaborators = { now: Date.now, elapsed: () => 0, log: recordingLog().log };
  await expect(bind(createServer(), settings, PLACE, collaborators)).rejects.toMatchObject({
    code: "config-invalid",
    message: `agent.tls.key: ${tls.key} cannot be read (ENOENT); expected a file this user may read`,
  });
});
