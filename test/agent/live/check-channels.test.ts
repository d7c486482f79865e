import { describe, expect, it } from "vitest";
import { checkChannels, checkHeartbeat } from "../../../agent/live/check-channels.ts";
import { worstOf } from "../../../agent/live/live-line.ts";
import type { Channel } from "../../../alerts/channels/channel.ts";

const SECRET = "xoxb-4711";

const channel = (name: string, probe?: Channel["probe"]): Channel => ({
  name,
  accepts: [],
  send: () => Promise.reject(new Error("somebody was disturbed")),
  ...(probe === undefined ? {} : { probe }),
});
const saying = (outcome: "ready" | "unknown" | "failed") => async () => ({ outcome, detail: `it is ${outcome}` });

describe("a channel that is asked live", () => {
  it.each<[string, Channel["probe"], string, RegExp]>([
    ["says that it is ready", saying("ready"), "ok", /^it is ready$/],
    ["can only be reached", saying("unknown"), "unknown", /^it is unknown; leeway test-alert pager tells the rest$/],
    ["would not take a notice", saying("failed"), "wrong", /^it is failed$/],
    ["cannot be asked", undefined, "unknown", /^nothing can be known without a notice; leeway test-alert pager/],
    ["hangs, whatever it is told", () => new Promise(() => undefined), "wrong", /^no answer within 50 ms/],
    ["throws", () => Promise.reject(new Error(SECRET)), "wrong", /^the channel failed unexpectedly$/],
    [
      "throws at once",
      () => {
        throw new Error(SECRET);
      },
      "wrong",
      /^the channel failed unexpectedly$/,
    ],
  ])("and %s", async (_what, probe, state, text) => {
    const lines = await checkChannels([channel("pager", probe), channel("other", saying("ready"))], 50);
    expect(lines).toEqual([
      { place: "alerts, pager", state, text: expect.stringMatching(text) },
      { place: "alerts, other", state: "ok", text: "it is ready" },
    ]);
  });

  it("is missed where there is none", async () => {
    expect(await checkChannels([])).toMatchObject([{ place: "alerts", state: "unused" }]);
  });
});

describe("a heartbeat that is looked at live", () => {
  it.each<[string, string | null, string, RegExp]>([
    ["that there is none", null, "unused", /nobody is told when the agent is down/],
    ["that its service is not reached", "http://127.0.0.1:1/s3cr3t", "wrong", /^cannot be reached: ECONNREFUSED/],
  ])("says %s", async (_what, url, state, text) => {
    const line = await checkHeartbeat(url === null ? null : { url }, 2_000);
    expect(line).toEqual({ place: "heartbeat", state, text: expect.stringMatching(text) });
    expect(line.text).not.toContain("s3cr3t");
  });
});

describe("the worst of several lines", () => {
  it.each([
    [[], "unused"],
    [["ok", "unused"], "ok"],
    [["ok", "unknown"], "unknown"],
    [["unknown", "wrong", "ok"], "wrong"],
  ] as const)("of %j is %s", (states, worst) => {
    expect(worstOf(states.map((state) => ({ place: "", state, text: "" })))).toBe(worst);
  });
});
