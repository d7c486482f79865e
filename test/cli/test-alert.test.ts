import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { freePort } from "../package/start-agent.ts";
import { leeway } from "./leeway.ts";

const SECRET = "whsec_bGVld2F5LXRlc3Qtc2VjcmV0LTAxMjM0NTY3ODk=";
const server = createServer(({ url, headers }, response) => {
  got.push(`${url} ${String(headers["webhook-id"]).replace(/\d+$/, "…")}`);
  response.writeHead(url === "/gone" ? 410 : 200).end();
});
const got: string[] = [];
let address = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const bound = server.address();
  address = typeof bound === "object" && bound !== null ? `http://127.0.0.1:${bound.port}` : "";
});
afterAll(() => void server.close());

const folderWith = async (...paths: readonly string[]): Promise<string> => {
  const hooks = paths.map(
    (path) => `  - { type: webhook, name: ${path}, url: "${address}/${path}", secret: ${SECRET} }`,
  );
  const alerts = hooks.length === 0 ? "alerts: []" : `alerts:\n${hooks.join("\n")}`;
  return temporaryDirectory({ "leeway.yaml": `agent: { listen: "127.0.0.1:${await freePort()}" }\n${alerts}\n` });
};

describe("leeway test-alert without an agent", () => {
  it("sends from here, says so, and ends with 0 when all took it", async () => {
    const { code, stdout } = await leeway(await folderWith("fine"), ["test-alert", "--by", "ana"]);
    expect(code).toBe(0);
    expect(stdout).toContain("no agent answers: sent from here");
    expect(stdout).toMatch(/fine +delivered +HTTP 200/);
    expect(got.splice(0)).toEqual(["/fine test/…"]);
  });

  it("ends with 1 when one did not, and says what it answered", async () => {
    const { code, stdout } = await leeway(await folderWith("fine", "gone"), ["test-alert", "--by", "ana"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/gone +FAILED for good +HTTP 410/);
    expect(stdout).not.toContain(SECRET);
  });

  it("says that nobody would be told where there is no channel", async () => {
    const { code, stdout } = await leeway(await folderWith(), ["test-alert"]);
    expect([code, stdout]).toEqual([1, expect.stringContaining("nobody will be told")]);
  });

  it("names the channels there are where it is asked for another", async () => {
    const { code, stderr } = await leeway(await folderWith("fine"), ["test-alert", "fax"]);
    expect([code, stderr]).toEqual([2, "no channel fax; expected one of: fine\n"]);
  });

  it("does not stand in for an agent that was named", async () => {
    const { code } = await leeway(await folderWith("fine"), ["test-alert", "--agent", "http://127.0.0.1:9"]);
    expect(code).toBe(3);
  });
});
