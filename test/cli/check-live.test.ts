import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { documentText } from "../agent/config/documents.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { leeway } from "./leeway.ts";

const lines = (text: string): readonly string[] => text.trimEnd().split("\n\n").at(-1)?.split("\n") ?? [];

describe("leeway check --live", () => {
  it("exits 0 where all is well, and says it of each place", async () => {
    const folder = temporaryDirectory({
      "leeway.yaml": "alerts: [{ type: stdout }]",
      "migrations/m.yaml": documentText(),
    });
    const { code, stdout, stderr } = await leeway(folder, ["check", "--live"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(lines(stdout)).toEqual([
      expect.stringMatching(
        /^ok {7}flags\.builtin, flag model of m: serves 0% \(off\), the first stage would set 5%; baseline is baseline = old, canary is canary = new; may be written: .+; apps see it at their next evaluation$/,
      ),
      "ok       alerts, stdout: notices are printed where the agent runs",
      "unused   heartbeat: there is none: nobody is told when the agent is down",
      "ok       before m advances, baseline: no table says that the baseline old is retired",
      "unused   before m advances, sentinel: no sentinel asks the baseline old, so that nobody knows whether it answers where it is not called",
      "unused   before m advances, spans, segments, signals, drill: the running agent looks, and leeway status says what it found",
    ]);
  });

  it("exits 4 where only a notice would tell, 1 where nobody answers, and shows no address", async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const folder = temporaryDirectory({
      "leeway.yaml": `alerts: [{ type: slack, name: chat, url: "http://127.0.0.1:${port}/s3cr3t" }]`,
    });
    const reached = await leeway(folder, ["check", "--live"]);
    expect([reached.code, lines(reached.stdout)]).toEqual([
      4,
      [
        "unused   flags.builtin: no migration routes through it, so it was not asked",
        "unknown  alerts, chat: the host answers; leeway test-alert chat tells the rest",
        "unused   heartbeat: there is none: nobody is told when the agent is down",
      ],
    ]);
    await new Promise((resolve) => server.close(resolve));
    const refused = await leeway(folder, ["check", "--live"]);
    expect([refused.code, lines(refused.stdout).at(-2)]).toEqual([
      1,
      expect.stringMatching(/^WRONG {4}alerts, chat: cannot be reached: ECONNREFUSED; check the address/),
    ]);
    expect(refused.stdout + refused.stderr).not.toContain("s3cr3t");
  });

  it("asks nobody where the files are wrong", async () => {
    const folder = temporaryDirectory({ "leeway.yaml": "alerts: [{ type: slak }]" });
    expect(await leeway(folder, ["check", "--live"])).toMatchObject({ code: 2, stdout: "" });
  });
});
