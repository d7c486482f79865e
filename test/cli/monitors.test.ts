import { describe, expect, it } from "vitest";
import type { ApiClient } from "../../cli/api-client.ts";
import { status } from "../../cli/commands/status.ts";
import type { WatchReading } from "../../core/monitor.ts";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { STATUS } from "../status/status-fixture.ts";
import { leeway } from "./leeway.ts";

const SETTINGS = `
monitors:
  - name: support
    by: [model]
    signals: [error, { signal: output_tokens, direction: either }]
    sentinel: { cron: "0 * * * *", probes: p.jsonl, url: "http://127.0.0.1:1/v1/chat/completions", model: gpt-4o-2024-08-06 }
`;

describe("leeway check", () => {
  it("says what monitors watch, how rarely they cry wolf, and what a sentinel costs", async () => {
    const folder = temporaryDirectory({ "leeway.yaml": SETTINGS, "p.jsonl": '{ "id": "a", "prompt": "Hello" }' });
    const { code, stdout, stderr } = await leeway(folder, ["check"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("monitor support: error increase, output_tokens either; up to 8 series by model");
    expect(stdout).toContain("24 detectors, a false alarm in 2 years on average: log wealth 17.0 to tell");
    expect(stdout).toMatch(
      /sentinel: 1 probes to gpt-4o-2024-08-06 at 0 \* \* \* \*: up to 24 calls a day, at most \$0\.0\d+; budget 1000 calls and \$1/,
    );
  });

  it("refuses what a monitor cannot watch, with the place", async () => {
    const folder = temporaryDirectory({ "leeway.yaml": "monitors: [{ name: m, signals: [finish_reason] }]" });
    const { code, stderr } = await leeway(folder, ["check"]);
    expect(code).toBe(2);
    expect(stderr).toContain('leeway.yaml: monitors[0].signals[0]: unknown signal "finish_reason"');
  });
});

describe("leeway status", () => {
  const reading: WatchReading = {
    series: "",
    signal: "error",
    unit: "share",
    direction: "increase",
    state: "watching",
    expected: 0.03,
    limit: 0.033,
    seen: 0.03,
    n: 100,
    logE: 1,
    threshold: 16,
    drift: null,
  };

  it.each([
    ["watching", 0],
    ["drifted", 1],
  ] as const)("of a monitor that is %s exits with %i", async (state, code) => {
    const monitors = [
      { name: "support", lastSlice: null, readings: [{ ...reading, state }], ignored: [], sentinel: null },
    ];
    const view = { ...STATUS, migrations: [], monitors };
    const client = { get: async () => view } as unknown as ApiClient;
    let printed = "";
    const print = (text: string): void => {
      printed += text;
    };
    const terminal = { print, control: () => undefined, isClosed: () => false };
    expect(await status(client, { migration: null, json: false, watch: false }, terminal)).toBe(code);
    expect(printed).toContain("monitor support: judged up to nothing yet");
    expect(printed).not.toContain("no migration is declared");
  });
});
