import { describe, expect, it } from "vitest";
import type { ApiClient } from "../../cli/api-client.ts";
import { runDrill } from "../../cli/commands/drill.ts";
import type { DrillView } from "../../status/drill-view.ts";

const STEPS = { decision: 0, flip: 0.1, readBack: 0.1, people: 0.2, drain: 11, restore: null };
const BEGUN: DrillView = {
  ...{ drill: "1-1", by: "ana", reason: "r", startedAt: 1, rule: "error", share: 0.2, outcome: null, outcomeText: "" },
  ...{ why: "", drain: "proven", drainText: "", seconds: STEPS, decisionToProofSeconds: 11, channels: ["slack"] },
  ...{ delivered: ["slack"], endedAt: null, restoredAt: null, restoredShare: null, isOver: false },
};
const ENDED: DrillView = { ...BEGUN, outcome: "proven", outcomeText: "11 s from decision to proof", endedAt: 2 };
const OVER: DrillView = {
  ...{ ...ENDED, isOver: true, restoredAt: 3, restoredShare: 0.2 },
  seconds: { ...STEPS, restore: 0.2 },
};
const PATIENCE = { pollMs: 1, peopleMs: 5, restoreMs: 20 };

/** An agent that answers with each of `views` in turn, and with the last one from then on. */
const run = async (views: readonly DrillView[], options: { readonly json?: boolean } = {}) => {
  let [asked, printed] = [0, ""];
  const client = {
    post: async () => ({ schema: "leeway.drill/1", migration: "m", drill: BEGUN }),
    get: async () => ({ schema: "leeway.drill/1", migration: "m", drill: views[Math.min(asked++, views.length - 1)] }),
  } as unknown as ApiClient;
  const print = (text: string): void => {
    printed += text;
  };
  const code = await runDrill(client, "m", { by: "ana", ...options }, print, PATIENCE);
  return { code, printed };
};

describe("leeway drill", () => {
  it("prints each step once and how it ended", async () => {
    const { code, printed } = await run([BEGUN, ENDED, OVER]);
    expect(code).toBe(0);
    expect(printed.match(/share restored/g)).toHaveLength(1);
    expect(printed).toContain("m: drill 11 s from decision to proof");
  });

  it("does not wait for ever for a share that cannot be restored: it says so, and fails", async () => {
    const { code, printed } = await run([BEGUN, ENDED]);
    expect(code).toBe(1);
    expect(printed).toContain("the share is NOT restored yet");
    const json = await run([ENDED], { json: true });
    expect([json.code, JSON.parse(json.printed)]).toEqual([1, expect.objectContaining({ drill: ENDED })]);
  });

  it("waits a moment for people who are not told yet, and no longer", async () => {
    const untold = { ...OVER, seconds: { ...OVER.seconds, people: null }, delivered: [] };
    expect((await run([untold])).code).toBe(0);
  });

  it("says so where another drill has begun since", async () => {
    await expect(run([{ ...BEGUN, drill: "1-2" }])).rejects.toThrow("another drill has begun since");
  });
});
