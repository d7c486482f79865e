import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startCallContext } from "../../instrumentation/call-context.ts";
import {
  currentCall,
  type Outcome,
  recordFlag,
  recordOutcome,
  withCohort,
  withConversation,
  withSegment,
} from "../../instrumentation/index.ts";
import type { CallIdentity } from "../../instrumentation/scope.ts";
import { type EventRecord, shareEvents } from "../../instrumentation/shared-events.ts";

const SINK = Symbol.for("leeway.events");
const EVENT = "gen_ai.evaluation.result";
const later = () => new Promise((resolve) => setImmediate(resolve));

/** Makes a call, as the hook does, and returns the ids of its span to be. */
const call = (): CallIdentity => {
  const { identity } = startCallContext(null);
  if (identity === undefined) throw new Error("a call of ours has ids");
  return identity;
};

describe("recordOutcome", () => {
  let events: EventRecord[];
  beforeEach(() => {
    events = [];
    shareEvents({ outcome: (event) => void events.push(event), flag: () => {} });
  });
  afterEach(() => {
    Reflect.deleteProperty(globalThis, SINK);
  });

  it("belongs to the latest call of the scope, also after an await and from an inner scope", async () => {
    const made = await withConversation("c", async () => {
      call();
      const latest = await withSegment("a", "b", async () => call());
      await later();
      expect(withCohort("canary", () => recordOutcome({ name: "quality", value: 0.5 }))).toBe(true);
      return latest;
    });
    const attributes = { "gen_ai.evaluation.name": "quality", "gen_ai.evaluation.score.value": 0.5 };
    expect(events).toEqual([{ name: EVENT, span: made, attributes }]);
  });

  it("names the span another instrumentation made of the same call, by which the collector finds either", () => {
    const parent = { traceId: "a".repeat(32), spanId: "b".repeat(16), traceFlags: 1, isModelCall: true };
    withConversation("c", () => {
      startCallContext(parent);
      recordOutcome({ name: "quality", value: 1 });
    });
    expect(events[0]?.span).toEqual({ traceId: parent.traceId, spanId: parent.spanId });
  });

  it("does not mix up the calls of concurrent scopes", async () => {
    const one = () =>
      withConversation("c", async () => {
        const made = call();
        await later();
        recordOutcome({ name: "thumbs", label: "up" });
        return made;
      });
    const made = await Promise.all([one(), one(), one()]);
    expect(events.map(({ span }) => span)).toEqual(made);
  });

  it("belongs to the answer that is named, not to the call that happens to be the latest", () => {
    withConversation("c", () => {
      call();
      recordOutcome({ name: "support_ticket", responseId: "chatcmpl-1" });
    });
    expect(events).toEqual([
      {
        name: EVENT,
        span: null,
        attributes: {
          "gen_ai.evaluation.name": "support_ticket",
          "gen_ai.evaluation.score.value": 1,
          "gen_ai.response.id": "chatcmpl-1",
        },
      },
    ]);
  });

  it("belongs to the call that is named by what currentCall() gave, which survives a database", () => {
    const stored = withConversation("c", () => {
      call();
      return JSON.stringify(currentCall());
    });
    expect(recordOutcome({ name: "task_completed", value: true, call: JSON.parse(stored) })).toBe(true);
    expect(events[0]).toMatchObject({
      span: JSON.parse(stored),
      attributes: { "gen_ai.evaluation.score.value": 1 },
    });
  });

  it.each<[string, Partial<Outcome>, Record<string, unknown>]>([
    ["no as 0", { value: false }, { "gen_ai.evaluation.score.value": 0 }],
    ["a label alone without a number", { label: "down" }, { "gen_ai.evaluation.score.label": "down" }],
    ["nothing as a yes", {}, { "gen_ai.evaluation.score.value": 1 }],
    [
      "an explanation that is given",
      { value: 0, explanation: "wrong order number" },
      { "gen_ai.evaluation.score.value": 0, "gen_ai.evaluation.explanation": "wrong order number" },
    ],
  ])("sends %s", (_what, outcome, expected) => {
    withConversation("c", () => {
      call();
      recordOutcome({ name: "x", ...outcome });
    });
    expect(events[0]?.attributes).toEqual({ "gen_ai.evaluation.name": "x", ...expected });
  });

  it.each<[string, unknown]>([
    ["without a name", { value: 1 }],
    ["with a value that is no number", { name: "quality", value: Number.NaN }],
    ["with a value of another type and no label", { name: "quality", value: "0.5", label: 7 }],
    ["with a call that is none", { name: "quality", value: 1, call: { traceId: "x", spanId: "y" } }],
    ["that is nothing", undefined],
    [
      "whose getters throw",
      {
        get name(): string {
          throw new Error("the app's");
        },
      },
    ],
  ])("sends nothing, and says so, for an outcome %s", (_what, outcome) => {
    const recorded = withConversation("c", () => {
      call();
      return recordOutcome(outcome as Outcome);
    });
    expect([recorded, events]).toEqual([false, []]);
  });

  it("sends nothing where there is no call to tie it to", () => {
    expect(recordOutcome({ name: "quality", value: 1 })).toBe(false);
    expect(withConversation("c", () => recordOutcome({ name: "quality", value: 1 }))).toBe(false);
    expect(withConversation("c", currentCall)).toBeNull();
    expect(events).toEqual([]);
  });

  it("cuts long texts", () => {
    const long = "x".repeat(5000);
    recordOutcome({ name: long, label: long, explanation: long, responseId: long });
    const lengths = Object.values(events[0]?.attributes ?? {}).map((value) => String(value).length);
    expect(lengths.sort((a, b) => a - b)).toEqual([256, 256, 256, 1024]);
  });

  it("is harmless without the preload", () => {
    Reflect.deleteProperty(globalThis, SINK);
    expect(recordOutcome({ name: "quality", value: 1, responseId: "r" })).toBe(false);
    expect(() => recordFlag({ key: "f", variant: "canary" })).not.toThrow();
  });
});
