import { InMemoryProvider, OpenFeature } from "@openfeature/server-sdk";
import { afterAll, describe, expect, it } from "vitest";
import { currentCallContext } from "../../instrumentation/call-context.ts";
import { contextAttributes } from "../../instrumentation/context-attributes.ts";
import {
  type EvaluatedFlag,
  leewayFlagHook,
  memoryPins,
  type PinStore,
  pinConversation,
  recordFlag,
  withConversation,
} from "../../instrumentation/index.ts";

const OLD = "gpt-old";
const says = (variant: string, value = variant === "canary" ? "gpt-new" : OLD): EvaluatedFlag<string> => ({
  flagKey: "model",
  value,
  variant,
});
const failed: EvaluatedFlag<string> = { flagKey: "model", value: OLD, errorCode: "GENERAL" };
const off: EvaluatedFlag<string> = { flagKey: "model", value: OLD };

/** What each of a conversation's turns is given, one after the other. */
const turns = async (answers: readonly EvaluatedFlag<string>[], store: PinStore = memoryPins(), id = "c") => {
  const given: string[] = [];
  for (const answer of answers) {
    const { value, turn, handoff } = await pinConversation(id, () => answer, { store });
    given.push([value, turn, ...(handoff === undefined ? [] : [handoff])].join(" "));
  }
  return given;
};

describe("a pinned conversation", () => {
  it.each([
    [
      "is held with the baseline while the share rises",
      [says("baseline"), says("canary"), says("canary")],
      ["gpt-old new", "gpt-old kept", "gpt-old kept"],
    ],
    [
      "moves to the baseline after a rollback, once, for good",
      [says("canary"), says("baseline"), says("baseline"), says("canary")],
      ["gpt-new new", "gpt-old moved canary", "gpt-old kept", "gpt-old kept"],
    ],
    [
      "moves where the flag is switched off and gives the app's default",
      [says("canary"), off, off],
      ["gpt-new new", "gpt-old moved canary", "gpt-old kept"],
    ],
    [
      "moves where the flag cannot be evaluated: unknown is no pass",
      [says("canary"), failed, says("canary")],
      ["gpt-new new", "gpt-old moved canary", "gpt-old kept"],
    ],
    [
      "that began without the flag stays with the default it got",
      [failed, says("canary")],
      ["gpt-old new", "gpt-old kept"],
    ],
    [
      "is told where the candidate itself became another model",
      [says("canary"), says("canary", "gpt-newer")],
      ["gpt-new new", "gpt-newer moved canary"],
    ],
    [
      "is not moved by a next migration whose baseline is what it had",
      [says("canary"), says("baseline", "gpt-new")],
      ["gpt-new new", "gpt-new kept"],
    ],
  ])("%s", async (_what, answers, expected) => {
    expect(await turns(answers)).toEqual(expected);
  });

  it("is one of one flag", async () => {
    const store = memoryPins();
    await turns([says("baseline")], store);
    expect(await turns([{ ...says("canary"), flagKey: "other" }], store)).toEqual(["gpt-new new"]);
    expect(await turns([says("canary")], store)).toEqual(["gpt-old kept"]);
  });

  it("has its calls carry what is really used, and the arm it came from at the turn that moved it", async () => {
    const store = memoryPins();
    const turn = (answer: EvaluatedFlag<string>) =>
      withConversation("c", async () => {
        const evaluate = () => {
          recordFlag({ key: "model", variant: answer.variant ?? "", targetingKey: "user-1" });
          return answer;
        };
        await pinConversation("c", evaluate, { store });
        return contextAttributes(currentCallContext());
      });
    const spans = [await turn(says("canary")), await turn(says("baseline")), await turn(says("canary"))];
    expect(spans).toMatchObject([
      { "leeway.cohort": "canary", "leeway.targeting_key_hash": "c6c289e49e9c05b2" },
      { "leeway.cohort": "baseline", "leeway.handoff": "canary" },
      { "leeway.cohort": "baseline", "feature_flag.result.variant": "baseline" },
    ]);
    expect(spans[2]).not.toHaveProperty("leeway.handoff");
  });

  it.each(["", undefined, null, 7])("is none with the id %s", async (id) => {
    const turn = await pinConversation(id as string, () => says("canary"));
    expect(turn).toEqual({ value: "gpt-new", variant: "canary", turn: "unpinned" });
  });

  it("may have any id", async () => {
    const store = memoryPins();
    const ids = ["x".repeat(1_000_000), "\0\u001b[2J", "\ud800", "__proto__"];
    for (const id of ids) expect(await turns([says("baseline"), says("canary")], store, id)).toContain("gpt-old kept");
  });

  it("throws what the evaluation throws, and nothing else", async () => {
    await expect(pinConversation("c", () => Promise.reject(new Error("the app's")))).rejects.toThrow("the app's");
    const odd = { ...says("canary"), flagKey: Symbol("f") as unknown as string, value: 7n as unknown as string };
    expect(await pinConversation("c", () => odd)).toMatchObject({ value: 7n });
  });
});

describe("a store of several instances", () => {
  it("makes them agree", async () => {
    const kept = new Map<string, string>();
    const store: PinStore = {
      get: async (key) => JSON.parse(kept.get(key) ?? "null"),
      set: async (key, pin) => void kept.set(key, JSON.stringify(pin)),
    };
    expect(await turns([says("baseline")], { ...store }, "shared")).toEqual(["gpt-old new"]);
    expect(await turns([says("canary")], { ...store }, "shared")).toEqual(["gpt-old kept"]);
    expect([...kept.keys()]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
  });

  it.each<[string, PinStore]>([
    [
      "throws",
      {
        get: () => {
          throw new Error("down");
        },
        set: () => {
          throw new Error("down");
        },
      },
    ],
    ["rejects", { get: () => Promise.reject(new Error("down")), set: () => Promise.reject(new Error("down")) }],
    ["never answers", { get: () => new Promise(() => {}), set: () => new Promise(() => {}) }],
  ])("that %s leaves this process's memory to count", async (what, store) => {
    const pinned = (answer: EvaluatedFlag<string>) =>
      pinConversation(`down-${what}`, () => answer, { store, patienceMs: 5 });
    expect(await pinned(says("baseline"))).toMatchObject({ value: OLD, turn: "new" });
    expect(await pinned(says("canary"))).toMatchObject({ value: OLD, turn: "kept" });
  });

  it.each([1, "canary", [], { arm: "other" }])("that holds %j for a pin holds none", async (pin) => {
    const store = { get: () => pin as never, set: () => undefined };
    expect(await turns([says("canary")], store)).toEqual(["gpt-new new"]);
  });
});

describe("the memory", () => {
  it("is bounded and keeps what is still asked for", () => {
    let now = 0;
    const pins = memoryPins(() => now, 100);
    const pin = { arm: "baseline", variant: "baseline", value: OLD } as const;
    for (let i = 0; i < 1000; i += 1) pins.set(`c-${i}`, pin, 1000);
    expect([pins.get("c-0"), pins.get("c-999")]).toEqual([undefined, pin]);
    for (now = 0; now < 10_000; now += 400) pins.set("alive", pin, 1000);
    expect([pins.get("alive"), pins.get("c-999")]).toEqual([pin, undefined]);
  });
});

describe("with the OpenFeature SDK", () => {
  afterAll(() => OpenFeature.close());

  it("its details are what pinConversation takes, and the hook tells the conversation when asked to", async () => {
    const contexts: unknown[] = [];
    const provider = new InMemoryProvider({
      model: {
        variants: { baseline: OLD, canary: "gpt-new" },
        defaultVariant: "baseline",
        disabled: false,
        contextEvaluator: (context) => {
          contexts.push(context);
          return contexts.length > 1 ? "canary" : "baseline";
        },
      },
    });
    await OpenFeature.setProviderAndWait(provider);
    const client = OpenFeature.getClient();
    client.addHooks(leewayFlagHook({ sendConversation: true }));
    const turn = () =>
      withConversation("of-1", async () => {
        const evaluate = () => client.getStringDetails("model", "default", { targetingKey: "user-1" });
        const { value } = await pinConversation("of-1", evaluate);
        return [value, currentCallContext().cohort, currentCallContext().flag?.targetingKeyHash];
      });
    expect([await turn(), await turn()]).toEqual([
      [OLD, "baseline", "c6c289e49e9c05b2"],
      [OLD, "baseline", "c6c289e49e9c05b2"],
    ]);
    expect(contexts).toMatchObject([{ conversationId: "of-1" }, { conversationId: "of-1" }]);
    const hook = leewayFlagHook();
    expect(withConversation("c", () => hook.before({ flagKey: "model" }))).toBeUndefined();
  });
});
