import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documentText } from "../agent/config/documents.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { freePort } from "../package/start-agent.ts";
import { leeway, type RunningLeeway, startLeeway } from "./leeway.ts";

let folder: string;
let agent: RunningLeeway;

const settings = async (): Promise<string> => {
  // Nobody listens on the last one: a test there is not taken.
  const [store, collector, port, nobody] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const secret = "whsec_bGVld2F5LXRlc3Qtc2VjcmV0LTAxMjM0NTY3ODk=";
  return [
    `store: { port: ${store} }`,
    `collector: { listen: "127.0.0.1:${collector}" }`,
    `agent: { listen: "127.0.0.1:${port}", tick: 1s, settle: 100ms }`,
    `alerts: [{ type: stdout, name: out }, { type: webhook, name: away, url: "http://127.0.0.1:${nobody}/", secret: ${secret} }]`,
    "",
  ].join("\n");
};

beforeAll(async () => {
  folder = temporaryDirectory({ "leeway.yaml": await settings(), "migrations/m.yaml": documentText() });
  agent = await startLeeway(folder);
});
afterAll(() => agent?.stop());

const run = (...args: readonly string[]) => leeway(folder, args);

describe("a running agent", () => {
  it("tests its channels and says what each answered", async () => {
    const all = await run("test-alert", "--by", "ana");
    expect([all.code, all.stderr]).toEqual([1, ""]);
    expect(all.stdout).toMatch(/out +delivered +written/);
    expect(all.stdout).toMatch(/away +FAILED, could be tried again +network error: ECONNREFUSED/);
    expect(all.stdout).not.toContain("sent from here");
    expect((await run("test-alert", "out")).code).toBe(0);
    const unknown = await run("test-alert", "fax");
    expect([unknown.code, unknown.stderr]).toEqual([2, "no channel fax; expected one of: out, away\n"]);
  });

  it("is silenced for a while, says so, and is not any more when somebody ends it", async () => {
    const begun = await run("silence", "m", "--for", "2h", "--reason", "load test", "--type", "stage", "--by", "ana");
    expect([begun.code, begun.stderr]).toEqual([0, ""]);
    const id = /leeway unsilence (\w+)/.exec(begun.stdout)?.[1] ?? "none";
    expect((await run("status")).stdout).toMatch(/SILENCED: m \(stage\) until .*, by ana \(unverified\): load test/);
    expect((await run("silences")).stdout).toContain(id);
    expect((await run("unsilence", id)).code).toBe(0);
    expect((await run("silences")).stdout).toMatch(/^nothing is silenced\n/);
    expect((await run("silence", "mm", "--for", "2h", "--reason", "x")).stderr).toContain("nothing is called mm");
  });

  it("hears that a person is at an incident, once there is one", async () => {
    const early = await run("ack", "m", "--by", "ana");
    expect([early.code, early.stderr]).toEqual([1, "m: there is nothing to acknowledge: no incident is open\n"]);
    expect((await run("rollback", "m", "--reason", "users complain")).code).toBe(0);
    expect((await run("status")).stdout).toContain("nobody has acknowledged what people were called for");
    expect((await run("ack", "m", "--by", "ana")).code).toBe(0);
    expect((await run("status")).stdout).toContain("acknowledged by ana");
    expect((await run("ack", "m", "--by", "bob")).stderr).toContain("ana (unverified) acknowledged it at");
  });
});
