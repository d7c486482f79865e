import { InMemoryProvider, OpenFeature } from "@openfeature/server-sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { currentCallContext } from "../../instrumentation/call-context.ts";
import {
  leewayFlagHook,
  type Prompt,
  withCohort,
  withConversation,
  withPrompt,
  withSegment,
} from "../../instrumentation/index.ts";
import { openScopePerRequest } from "../../instrumentation/request-scope.ts";
import { listen } from "./otlp-receiver.ts";

const NOTHING = { cohort: null, flag: null, conversation: null, prompt: null, segments: {} };
const later = () => new Promise((resolve) => setImmediate(resolve));

describe("scopes", () => {
  it("know nothing outside of any", () => {
    expect(currentCallContext()).toEqual(NOTHING);
  });

  it("add up, hold across awaits, and end with the function", async () => {
    const seen = await withConversation("c-1", () =>
      withPrompt({ name: "support", version: "42" }, () =>
        withSegment("input_type", "faq", () =>
          withSegment("language", "de", () =>
            withCohort("canary", async () => {
              await later();
              return currentCallContext();
            }),
          ),
        ),
      ),
    );
    expect(seen).toEqual({
      cohort: "canary",
      flag: null,
      conversation: "c-1",
      prompt: { name: "support", version: "42" },
      segments: { input_type: "faq", language: "de" },
    });
    expect(currentCallContext()).toEqual(NOTHING);
  });

  it("let the inner one win", () => {
    const seen = withSegment("a", "outer", () =>
      withCohort("baseline", () => withSegment("a", "inner", () => withCohort("shadow", currentCallContext))),
    );
    expect(seen).toMatchObject({ cohort: "shadow", segments: { a: "inner" } });
  });

  it("keep concurrent callers apart", async () => {
    const one = (id: string) =>
      withConversation(id, async () => {
        await later();
        return currentCallContext().conversation;
      });
    expect(await Promise.all(["a", "b", "c"].map(one))).toEqual(["a", "b", "c"]);
  });

  it("return what the function returns and throw what it throws", () => {
    expect(withCohort("canary", () => 7)).toBe(7);
    expect(() =>
      withConversation("c", () => {
        throw new RangeError("the app's");
      }),
    ).toThrow(RangeError);
  });

  it("ignore values an untyped app may pass", () => {
    const odd = <T>(value: unknown) => value as T;
    expect(withCohort(odd("cannary"), currentCallContext).cohort).toBeNull();
    expect(withSegment("no spaces allowed", "x", currentCallContext).segments).toEqual({});
    expect(withSegment("n", odd(12), currentCallContext).segments).toEqual({ n: "12" });
    expect(withPrompt(odd<Prompt>(undefined), currentCallContext).prompt).toEqual({
      name: "undefined",
      version: "undefined",
    });
    expect(withConversation("x".repeat(9999), currentCallContext).conversation).toHaveLength(256);
  });
});

describe("leewayFlagHook in the OpenFeature server SDK", () => {
  const flags = (variant: string) => ({
    "support-model": {
      variants: { baseline: "gpt-4o", canary: "gpt-5", other: "x" },
      defaultVariant: variant,
      disabled: false,
    },
    "new-ui": { variants: { on: true, off: false }, defaultVariant: "on", disabled: false },
  });
  const provider = new InMemoryProvider(flags("canary") as never);
  const client = OpenFeature.getClient();
  const evaluate = () => client.getStringValue("support-model", "gpt-4o", { targetingKey: "user-1" });
  beforeAll(async () => {
    OpenFeature.addHooks(leewayFlagHook());
    await OpenFeature.setProviderAndWait(provider);
  });
  afterAll(() => OpenFeature.close());

  it("ties an evaluation to the calls made after it in the scope", async () => {
    const seen = await withConversation("c", async () => {
      const before = currentCallContext();
      await evaluate();
      return [before, currentCallContext()];
    });
    expect(seen[0]).toMatchObject({ flag: null, cohort: null });
    expect(seen[1]).toMatchObject({
      cohort: "canary",
      // sha256("user-1"), first 16 hex digits
      flag: { key: "support-model", variant: "canary", targetingKeyHash: "c6c289e49e9c05b2" },
    });
    expect(JSON.stringify(seen)).not.toContain("user-1");
  });

  it("follows the flag when it changes between two turns", async () => {
    const cohorts = await withConversation("c", async () => {
      await evaluate();
      const first = currentCallContext().cohort;
      await provider.putConfiguration(flags("baseline") as never);
      await evaluate();
      return [first, currentCallContext().cohort];
    });
    await provider.putConfiguration(flags("canary") as never);
    expect(cohorts).toEqual(["canary", "baseline"]);
  });

  it("withdraws the cohort when the evaluation fails, because the app then uses its default", async () => {
    const seen = await withConversation("c", async () => {
      await evaluate();
      await provider.putConfiguration({});
      expect(await evaluate()).toBe("gpt-4o");
      return currentCallContext();
    });
    await provider.putConfiguration(flags("canary") as never);
    expect(seen).toMatchObject({ cohort: null, flag: { key: "support-model", variant: "" } });
  });

  it("prefers the flag whose variant names a cohort over flags evaluated later", async () => {
    const seen = await withConversation("c", async () => {
      await evaluate();
      await client.getBooleanValue("new-ui", false, { targetingKey: "user-1" });
      return currentCallContext();
    });
    expect(seen).toMatchObject({ cohort: "canary", flag: { key: "support-model" } });
  });

  it("gives way to an explicit cohort", async () => {
    const seen = await withCohort("shadow", async () => {
      await evaluate();
      return currentCallContext();
    });
    expect(seen).toMatchObject({ cohort: "shadow", flag: { variant: "canary" } });
  });

  it("records nothing, and harms nothing, outside of a scope", async () => {
    expect(await evaluate()).toBe("gpt-5");
    expect(currentCallContext()).toEqual(NOTHING);
  });

  it("can be limited to some flags", () => {
    const hook = leewayFlagHook({ flags: ["support-model"] });
    const seen = withConversation("c", () => {
      hook.after({ flagKey: "rollout", context: { targetingKey: "u" } }, { variant: "canary" });
      return currentCallContext();
    });
    expect(seen.flag).toBeNull();
  });
});

describe("a served HTTP request", () => {
  it("is a scope of its own, also on a kept connection and for concurrent requests", async () => {
    openScopePerRequest();
    const hook = leewayFlagHook();
    const { url, close } = await listen(async (incoming, response) => {
      const variant = incoming.url?.slice(1) ?? "";
      const before = currentCallContext().cohort;
      if (variant !== "none") hook.after({ flagKey: "f", context: {} }, { variant });
      await later();
      response.end(JSON.stringify([before, currentCallContext().cohort]));
    });
    const get = async (path: string) => (await fetch(`${url}/${path}`)).json();
    expect(await get("canary")).toEqual([null, "canary"]);
    expect(await get("none")).toEqual([null, null]);
    expect(await Promise.all([get("baseline"), get("canary"), get("none")])).toEqual([
      [null, "baseline"],
      [null, "canary"],
      [null, null],
    ]);
    await close();
  });
});
