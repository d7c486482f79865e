import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { eventually } from "./eventually.ts";
import { type RunningDemo, runDemo } from "./run-demo.ts";

const seconds = z.number().min(0).max(240);
const documentSchema = z.strictObject({
  schema: z.literal("leeway.demo/1"),
  outcome: z.enum(["rolled-back", "healthy", "false-alarm", "stopped-in-shadow"]),
  shadow: z.strictObject({ outcome: z.enum(["passed", "stopped"]), pairs: z.int(), regressions: z.int() }),
  detection: z.strictObject({ rule: z.string(), calls: z.int(), log_e: z.number(), threshold: z.number() }).nullable(),
  seconds: z
    .strictObject({ onsetToDecision: seconds, decisionToFlip: seconds, flipToDrain: seconds, flipToProof: seconds })
    .nullable(),
  canaryCallsAfterDrain: z.int().nullable(),
  notifications: z.array(
    z.strictObject({
      channel: z.enum(["webhook", "slack"]),
      type: z.string().nullable(),
      title: z.string(),
      id: z.string().nullable(),
      verified: z.literal(true),
    }),
  ),
  refusedNotices: z.int(),
});

let demo: RunningDemo;
afterEach(() => demo?.remove());

const documentOf = async (...flags: readonly string[]): Promise<z.infer<typeof documentSchema>> => {
  demo = await runDemo("--json", ...flags);
  expect({ code: await demo.ended, stderr: demo.stderr() }).toEqual({ code: 0, stderr: "" });
  expect(demo.stdout().trimEnd().split("\n")).toHaveLength(1);
  return documentSchema.parse(JSON.parse(demo.stdout()));
};

const expectNothingLeft = (): void => {
  expect(demo.files()).toEqual([]);
  expect(demo.processes()).toEqual([]);
};

type Notifications = z.infer<typeof documentSchema>["notifications"];

/** Without pages that a stage takes long: on a machine that is busy the shadow does. */
const told = (notifications: Notifications, channel: string) => {
  const long = notifications.filter(({ type }) => type === "page").map(({ title }) => title);
  return notifications.filter((each) => each.channel === channel && !long.includes(each.title));
};
const typesOf = (notifications: Notifications, channel: string) => told(notifications, channel).map(({ type }) => type);
const slackTitles = (notifications: Notifications) =>
  told(notifications, "slack").map(({ title }) => title.slice(0, 11));

describe("leeway demo --json", () => {
  it("rolls the failing candidate back, proves the drain and tells people, once", async () => {
    const document = await documentOf();
    expect(document).toMatchObject({ outcome: "rolled-back", canaryCallsAfterDrain: 0, refusedNotices: 0 });
    const { detection, seconds: took, notifications } = document;
    expect(detection?.rule).toBe("error");
    expect(detection?.threshold).toBeCloseTo(Math.log(200), 6);
    expect(detection?.log_e).toBeGreaterThanOrEqual(detection?.threshold ?? Number.NaN);
    expect(detection?.log_e).toBeLessThan(100);
    // A fifth of the calls fails where a twentieth is allowed: a handful cannot show it, hundreds are not needed.
    expect(detection?.calls).toBeGreaterThan(10);
    expect(detection?.calls).toBeLessThan(400);
    expect(took?.onsetToDecision).toBeGreaterThan(1);
    expect(took?.decisionToFlip).toBeLessThan(5);
    expect(took?.flipToDrain).toBeLessThan(took?.flipToProof ?? Number.NaN);
    // Calls still running at the flip are waited for, at least as long as spans need to arrive.
    expect(took?.flipToProof).toBeGreaterThanOrEqual(2);
    expect(typesOf(notifications, "webhook")).toEqual(["stage", "stage", "rollback", "drained"]);
    expect(document.shadow).toMatchObject({ outcome: "passed", regressions: 0 });
    expect(document.shadow.pairs).toBeGreaterThan(100);
    expect(slackTitles(notifications)).toEqual(["support-bot", "support-bot", "Rolled back", "Rollback pr"]);
    const ids = told(notifications, "webhook").map(({ id }) => id);
    expect(new Set(ids).size).toBe(4);
    expectNothingLeft();
  }, 240_000);

  it("leaves a healthy candidate alone", { tags: ["soak"], timeout: 240_000 }, async () => {
    expect(await documentOf("--healthy")).toMatchObject({
      outcome: "healthy",
      detection: null,
      seconds: null,
      canaryCallsAfterDrain: null,
      refusedNotices: 0,
      notifications: [
        { channel: "webhook", type: "stage" },
        { channel: "webhook", type: "stage" },
        { channel: "slack", type: null },
        { channel: "slack", type: null },
      ],
    });
    expectNothingLeft();
  });

  it("stops a candidate that is unfit in the shadow, before any user met it", {
    tags: ["soak"],
    timeout: 240_000,
  }, async () => {
    const document = await documentOf("--shadow-fails");
    expect(document).toMatchObject({ outcome: "stopped-in-shadow", seconds: null, shadow: { outcome: "stopped" } });
    expect(document.shadow.regressions).toBeGreaterThan(10);
    expect(typesOf(document.notifications, "webhook")).toEqual(["stage", "pause"]);
    expectNothingLeft();
  });
});

/** Starts the demo and waits for its first judged traffic: agent, engine and app are up. */
const untilTrafficFlows = async (): Promise<void> => {
  demo = await runDemo();
  await eventually("the app is up", () => / app +up: /.test(demo.stdout()));
};

describe("leeway demo, ended in the middle", () => {
  it.each(["SIGINT", "SIGTERM"] as const)(
    "by %s leaves no process and no file",
    async (signal) => {
      await untilTrafficFlows();
      demo.child.kill(signal);
      expect(await demo.ended).toBe(signal);
      expectNothingLeft();
    },
    60_000,
  );

  it("by kill -9 leaves no process", { tags: ["soak"], timeout: 120_000 }, async () => {
    await untilTrafficFlows();
    if (process.platform === "linux") expect(demo.processes().length).toBeGreaterThanOrEqual(4);
    demo.child.kill("SIGKILL");
    await eventually("its processes end", () => demo.processes().length === 0);
  });
});
