import { join } from "node:path";
import { Hono } from "hono";
import { afterEach, describe, expect, it } from "vitest";
import { type HttpServer, serveRoutes } from "../../agent/http/serve-routes.ts";
import { type AgentOptions, connect } from "../../cli/api-client.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { aCertificate, type Certificate } from "../http/a-certificate.ts";
import { recordingLog } from "../store/recording-log.ts";

const open: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

/** An agent behind `served`, and a folder whose leeway.yaml names `configured`. */
const secured = async (served: Certificate, configured: Certificate = served) => {
  const folder = temporaryDirectory({
    "served.crt": served.cert,
    "served.key": served.key,
    "configured.crt": configured.cert,
    "none.crt": "hello",
  });
  const routes = new Hono()
    .get("/api/v1/status", (context) => context.json({ ok: true }))
    .post("/api/v1/echo", async (context) => context.json(await context.req.json()));
  const tls = { cert: join(folder, "served.crt"), key: join(folder, "served.key") };
  const server = await serveRoutes(
    routes,
    { listen: { host: "127.0.0.1", port: 0 }, tls, maxConnections: 10 },
    { now: Date.now, elapsed: () => performance.now(), log: recordingLog().log },
  );
  open.push(server);
  const { port } = new URL(server.url);
  const listening = temporaryDirectory({
    "leeway.yaml": `agent: { listen: "127.0.0.1:${port}", tls: { cert: ${join(folder, "configured.crt")}, key: none } }`,
  });
  const options: AgentOptions = { config: join(listening, "leeway.yaml") };
  return { url: server.url, options, folder };
};

const statusWith = (options: AgentOptions): Promise<unknown> => connect(options).get("/api/v1/status");
const untrusted = (code: string) => ({
  code: "agent-unreachable",
  message: expect.stringContaining(`not trusted (${code})`),
});

describe("a client of an agent with a certificate", () => {
  it("believes the configured certificate, and asks over https", async () => {
    const { options } = await secured(aCertificate());
    expect(await statusWith(options)).toEqual({ ok: true });
    expect(await connect(options).post("/api/v1/echo", { reason: "größer" })).toEqual({ reason: "größer" });
  });

  it("believes a configured certificate that an authority signed, which is not at hand", async () => {
    const { options } = await secured(aCertificate({ issuer: aCertificate({ name: "authority" }) }));
    expect(await statusWith(options)).toEqual({ ok: true });
  });

  it("believes no other one, and says what to do", async () => {
    const { options } = await secured(aCertificate(), aCertificate());
    await expect(statusWith(options)).rejects.toMatchObject({
      code: "agent-unreachable",
      message: expect.stringMatching(
        /^https:\/\/127\.0\.0\.1:\d+: its certificate is not trusted \(\w+\); name its authority, .+ with --ca <file>$/,
      ),
    });
  });

  it("elsewhere, believes what --ca names: the certificate, or its authority", async () => {
    const authority = aCertificate({ name: "authority" });
    const { url, folder } = await secured(aCertificate({ issuer: authority }), authority);
    const options = { config: "nowhere.yaml", agent: url };
    for (const file of ["served.crt", "configured.crt"]) {
      expect(await statusWith({ ...options, ca: join(folder, file) })).toEqual({ ok: true });
    }
    await expect(statusWith(options)).rejects.toMatchObject(untrusted("UNABLE_TO_VERIFY_LEAF_SIGNATURE"));
  });

  it.each(["none.crt", "missing.crt"])("says that --ca %s is of no use", async (file) => {
    const { url, folder } = await secured(aCertificate());
    const ask = async () => statusWith({ config: "", agent: url, ca: join(folder, file) });
    await expect(ask()).rejects.toMatchObject({
      code: "config-invalid",
      message: expect.stringMatching(/^--ca: .+ cannot be used \(.+\); expected a PEM file with a certificate$/),
    });
  });
});
