import { describe, expect, it } from "vitest";
import { isHostAllowed, keyHeaders, readShadowAccess } from "../../../formats/ask-again/shadow-access.ts";
import { wireFormatOf } from "../../../formats/wire/wire-formats.ts";
import { createAllowance } from "../../../instrumentation/shadow/allowance.ts";
import { createBreaker } from "../../../instrumentation/shadow/breaker.ts";
import { cosineIn, embeddingsBody } from "../../../instrumentation/shadow/likeness.ts";
import { createPlanSource } from "../../../instrumentation/shadow/plan-source.ts";
import { readPlans } from "../../../instrumentation/shadow/read-plans.ts";

const PLAN = {
  ...{ migration: "bot", operation: null, baselineModel: "old", candidateModel: "new", share: 1, selfRerun: 0 },
  ...{ audience: null, baseUrl: null, key: null, timeoutMs: 5000, concurrency: 4 },
  left: { calls: null, tokens: null, usd: null },
};
const answer = (plans: unknown, goodForMs: unknown = 90_000): string => JSON.stringify({ plans, goodForMs });

describe("what an agent says is to be shadowed", () => {
  it("is taken as it is", () => {
    const audience = { segment: "tier", values: ["free"], normalise: ["lower"] };
    const plan = { ...PLAN, audience, baseUrl: "https://x.example/v1", left: { calls: 5, tokens: 2.5, usd: 0 } };
    expect(readPlans(answer([plan]))).toEqual({ plans: [plan], goodForMs: 90_000 });
  });

  it.each([
    ["no JSON", "<html>"],
    ["another shape", JSON.stringify([])],
    ["no end", answer([PLAN], "forever")],
    ["an endless one", answer([PLAN], 1e12)],
  ])("is no answer: %s", (_what, text) => {
    expect(readPlans(text)).toBeNull();
  });

  it.each([
    ["a share above all", { share: 1.5 }],
    ["no model", { candidateModel: "" }],
    ["a host that is no URL", { baseUrl: "file:///etc/passwd" }],
    ["an audience of a newer version", { audience: { segment: "tier", values: ["x"], normalise: ["stem"] } }],
    ["a budget of nothing that is known", { left: { calls: "many" } }],
    ["likeness by no model", { similarity: { model: "", baseUrl: null, key: null } }],
    ["more at a time than there are", { concurrency: 1e9 }],
  ])("is left alone where it is not understood: %s", (_what, change) => {
    expect(readPlans(answer([{ ...PLAN, ...change }, PLAN]))?.plans).toEqual([PLAN]);
  });

  it("holds no longer than it says, and is asked again before", async () => {
    let now = 0;
    const due: { readonly fn: () => void; readonly at: number }[] = [];
    let reply: string | null = answer([PLAN]);
    const source = createPlanSource({
      ask: async () => reply,
      tick: () => now,
      later: (fn, ms) => void due.push({ fn, at: now + ms }),
      onPlans: () => undefined,
    });
    const pass = async (to: number): Promise<void> => {
      for (;;) {
        const next = due.findIndex(({ at }) => at <= to);
        if (next < 0) break;
        const [{ fn, at }] = due.splice(next, 1) as [(typeof due)[0]];
        now = at;
        fn();
        await new Promise((resolve) => setImmediate(resolve));
      }
      now = to;
    };
    expect(source.plans()).toEqual([]);
    await pass(600);
    expect(source.plans()).toEqual([PLAN]);
    reply = null;
    await pass(80_000);
    expect(source.plans()).toEqual([PLAN]);
    await pass(95_000);
    expect(source.plans()).toEqual([]);
    reply = answer([PLAN]);
    await pass(130_000);
    expect(source.plans()).toEqual([PLAN]);
  });
});

describe("an allowance", () => {
  it("is nothing before the agent said what is left", () => {
    expect(createAllowance().take()).toBe("budget-usd");
  });

  it("ends with the calls that are left, those under way among them", () => {
    const { take, renew } = createAllowance();
    renew({ calls: 3, tokens: null, usd: null }, 1);
    expect([take(), take(), take()]).toEqual([null, null, "budget-calls"]);
    renew({ calls: 1, tokens: null, usd: 2 }, 0);
    expect([take(), take()]).toEqual([null, "budget-calls"]);
  });

  it("takes a call for as many tokens as the ones before it had", () => {
    const { take, used, renew } = createAllowance();
    renew({ calls: null, tokens: 2_500, usd: null }, 0);
    expect([take(), take(), take()]).toEqual([null, null, "budget-tokens"]);
    for (let i = 0; i < 3; i++) used(100);
    renew({ calls: null, tokens: 250, usd: null }, 0);
    expect([take(), take(), take()]).toEqual([null, null, "budget-tokens"]);
  });
});

describe("a breaker", () => {
  it("opens after five failures in a row, lets one through after a while, and closes when that succeeds", () => {
    let now = 0;
    const { isOpen, failed, succeeded } = createBreaker(() => now);
    for (let i = 0; i < 4; i++) failed();
    succeeded();
    for (let i = 0; i < 4; i++) failed();
    expect(isOpen()).toBe(false);
    failed();
    expect(isOpen()).toBe(true);
    now = 10_001;
    expect([isOpen(), isOpen()]).toEqual([false, true]);
    failed();
    now = 25_000;
    expect(isOpen()).toBe(true);
    now = 31_000;
    expect(isOpen()).toBe(false);
    succeeded();
    expect([isOpen(), isOpen()]).toEqual([false, false]);
  });
});

describe("what the app's environment lets a shadow do", () => {
  const served = new URL("https://api.openai.com/v1/chat/completions");
  const format = wireFormatOf(served);
  if (format === null) throw new Error("no format");
  const env = { OPENAI_API_KEY: "sk-1", CANDIDATE_KEY: "sk-2", STRIPE_API_KEY: "sk-3" };
  const keys = (name: string | null, more: Record<string, string> = {}) =>
    keyHeaders(served, format, name, readShadowAccess(more) ?? { hosts: new Set(), keys: new Set() }, env);

  it("is to ask where the app has asked, and at hosts that it names", () => {
    const access = readShadowAccess({ LEEWAY_SHADOW_HOSTS: "x.example, 127.0.0.1:8080" });
    if (access === null) throw new Error("off");
    const allowed = (url: string) => isHostAllowed(new URL(url), served, access);
    expect(["https://api.openai.com/v2", "https://x.example/v1", "http://127.0.0.1:8080/"].map(allowed)).toEqual([
      true,
      true,
      true,
    ]);
    expect(["https://evil.example", "http://127.0.0.1:8081/", "https://x.example.evil/"].map(allowed)).toEqual([
      false,
      false,
      false,
    ]);
  });

  it("is to show the provider's usual key, and others only where it names them", () => {
    expect(keys(null)).toEqual({ authorization: "Bearer sk-1" });
    expect(keys("OPENAI_API_KEY")).toEqual({ authorization: "Bearer sk-1" });
    expect(keys("CANDIDATE_KEY")).toBeNull();
    expect(keys("STRIPE_API_KEY")).toBeNull();
    expect(keys("CANDIDATE_KEY", { LEEWAY_SHADOW_KEYS: "CANDIDATE_KEY" })).toEqual({ authorization: "Bearer sk-2" });
    expect(keys("NOT_THERE", { LEEWAY_SHADOW_KEYS: "NOT_THERE" })).toBeNull();
  });

  it("is nothing where it says so", () => {
    expect(readShadowAccess({ LEEWAY_SHADOW: "off" })).toBeNull();
  });
});

describe("how alike two texts are by an embedding model", () => {
  const answer = (...vectors: unknown[]): string =>
    JSON.stringify({ data: vectors.map((embedding, index) => ({ index, embedding })) });

  it("is the cosine of their vectors, in whichever order they come", () => {
    expect(cosineIn(answer([1, 0], [1, 0]))).toBe(1);
    expect(cosineIn(answer([3, 0], [0, 2]))).toBe(0);
    expect(cosineIn(answer([1, 2], [-2, -4]))).toBeCloseTo(-1, 12);
    const swapped = {
      data: [
        { index: 1, embedding: [1, 1] },
        { index: 0, embedding: [1, 0] },
      ],
    };
    expect(cosineIn(JSON.stringify(swapped))).toBeCloseTo(Math.SQRT1_2, 12);
  });

  it.each([
    ["no JSON", "oops"],
    ["one vector", answer([1, 0])],
    ["three", answer([1], [1], [1])],
    ["two lengths", answer([1, 0], [1])],
    ["nothing in one", answer([], [])],
    ["zero", answer([0, 0], [1, 0])],
    ["no numbers", answer(["x"], [1])],
    ["packed", answer("AAAA", "AAAA")],
  ])("is unknown: %s", (_what, text) => {
    expect(cosineIn(text)).toBeNull();
  });

  it("asks for both at once, and for no more of a text than a model reads", () => {
    const body = JSON.parse(embeddingsBody("e", "a", "b".repeat(100_000)));
    expect(body).toMatchObject({ model: "e", encoding_format: "float" });
    expect(body.input.map((text: string) => text.length)).toEqual([1, 8_000]);
  });
});
