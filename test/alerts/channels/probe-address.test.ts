import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { probeAddress } from "../../../alerts/channels/probe-address.ts";
import { aCertificate } from "../../http/a-certificate.ts";

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

const listen = async (server: Server): Promise<number> => {
  open.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
};

const probe = (address: string, signal = AbortSignal.timeout(5_000)) => probeAddress(address, signal);
const FAILED = (what: RegExp) => ({ outcome: "failed", detail: expect.stringMatching(what) });

describe("probing an address", () => {
  it("says of a host that answers no more than that", async () => {
    const port = await listen(createServer((socket) => socket.destroy()));
    expect(await probe(`http://127.0.0.1:${port}/secret`)).toEqual({ outcome: "unknown", detail: "the host answers" });
  });

  it("sends nothing", async () => {
    let bytes = 0;
    const server = createServer((socket) => socket.on("data", (chunk) => (bytes += chunk.length)));
    await probe(`http://127.0.0.1:${await listen(server)}/secret`);
    await new Promise((resolve) => server.close(resolve));
    expect(bytes).toBe(0);
  });

  it("fails where nobody listens, and where there is no such host", async () => {
    const server = createServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await probe(`http://127.0.0.1:${port}/`)).toEqual(FAILED(/ECONNREFUSED; check the address/));
    expect(await probe("http://nobody.invalid/")).toEqual(FAILED(/cannot be reached: /));
  });

  it("fails on a certificate that is not trusted, as a notice would", async () => {
    const { cert, key } = aCertificate();
    const port = await listen(createTlsServer({ cert, key }));
    expect(await probe(`https://127.0.0.1:${port}/`)).toEqual(FAILED(/SELF_SIGNED|UNABLE_TO_VERIFY/));
  });

  it("fails on a host that takes the connection and never greets, and when told to stop before it began", async () => {
    const port = await listen(createServer());
    const address = `https://127.0.0.1:${port}/secret`;
    expect(await probe(address, AbortSignal.timeout(50))).toEqual(FAILED(/no answer in time/));
    expect(await probe(address, AbortSignal.abort())).toEqual(FAILED(/no answer in time/));
  });
});
