import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { currentCallContext } from "../../instrumentation/call-context.ts";
import { type FlagRecord, leewayFlagHook, recordFlag, withConversation } from "../../instrumentation/index.ts";
import { type EventRecord, shareEvents } from "../../instrumentation/shared-events.ts";

let events: EventRecord[];
beforeEach(() => {
  events = [];
  shareEvents({ outcome: () => {}, flag: (event) => void events.push(event) });
});
afterEach(() => {
  Reflect.deleteProperty(globalThis, Symbol.for("leeway.events"));
});

// sha256("user-1"), first 16 hex digits
const HASH = "c6c289e49e9c05b2";

describe("recordFlag", () => {
  it("ties the variant to the calls made after it, and keeps no more than a hash of whom it was for", () => {
    const seen = withConversation("c", () => {
      recordFlag({ key: "support-model", variant: "canary", targetingKey: "user-1" });
      return currentCallContext();
    });
    const flag = { key: "support-model", variant: "canary", targetingKeyHash: HASH };
    expect(seen).toMatchObject({ cohort: "canary", flag });
    expect(events).toEqual([
      {
        name: "feature_flag.evaluation",
        span: null,
        attributes: {
          "feature_flag.key": "support-model",
          "feature_flag.result.variant": "canary",
          "leeway.targeting_key_hash": HASH,
        },
      },
    ]);
    expect(JSON.stringify([seen, events])).not.toContain("user-1");
  });

  it("sends no event of flags that route no model, nor where it is told not to", () => {
    recordFlag({ key: "new-ui", variant: "on" });
    recordFlag({ key: "support-model", variant: "canary" }, { event: false });
    expect(events).toEqual([]);
  });

  it.each([undefined, null, {}, { key: 1, variant: {} }, { key: "k", variant: "canary", targetingKey: Symbol("s") }])(
    "does not throw for %s",
    (flag) => {
      expect(() => withConversation("c", () => recordFlag(flag as unknown as FlagRecord))).not.toThrow();
    },
  );
});

describe("the events of leewayFlagHook", () => {
  const evaluate = (hook = leewayFlagHook(), variant = "canary", flagKey = "support-model") =>
    hook.after({ flagKey, context: { targetingKey: "user-1" } }, { variant });

  it("are one per evaluation that served a cohort", () => {
    evaluate();
    evaluate();
    evaluate(leewayFlagHook(), "on", "new-ui");
    expect(events.map(({ attributes }) => attributes["feature_flag.key"])).toEqual(["support-model", "support-model"]);
  });

  it("are one per evaluation of a flag that is named, whatever it served", () => {
    const hook = leewayFlagHook({ flags: ["new-ui"] });
    evaluate(hook, "on", "new-ui");
    evaluate(hook);
    expect(events.map(({ attributes }) => attributes["feature_flag.key"])).toEqual(["new-ui"]);
  });

  it("can be switched off without losing the flag on the calls", () => {
    const seen = withConversation("c", () => {
      evaluate(leewayFlagHook({ events: false }));
      return currentCallContext();
    });
    expect([events, seen.cohort]).toEqual([[], "canary"]);
  });
});
