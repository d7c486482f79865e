import { describe, expect, it } from "vitest";
import { type BesideChoice, candidateOf } from "../../../agent/beside/beside-askers.ts";
import { PLAN } from "../../instrumentation/shadow/shadow-bench.ts";

const NOTHING: BesideChoice = { provider: "openai", baseUrl: null, keyVariable: null, maxTokens: null };
const ENV = { OPENAI_API_KEY: "sk-1", MINE: "sk-2", STRIPE_KEY: "sk-3" };

describe("whom the candidate is asked at, beside the app", () => {
  it.each([
    ["its own provider, by the provider's usual key", {}, {}, "https://api.openai.com/v1/chat/completions", "sk-1"],
    [
      "what a person says",
      { baseUrl: "https://mine.example/v1", keyVariable: "MINE" },
      {},
      "https://mine.example/v1/chat/completions",
      "sk-2",
    ],
    [
      "what a person says, whatever the agent does",
      { baseUrl: "https://mine.example/v1" },
      { baseUrl: "https://evil.example" },
      "https://mine.example/v1/chat/completions",
      "sk-1",
    ],
    [
      "what the agent says, at the provider's own host",
      {},
      { baseUrl: "https://api.openai.com/v2", key: "OPENAI_API_KEY" },
      "https://api.openai.com/v2/chat/completions",
      "sk-1",
    ],
  ])("is %s", (_what, choice, plan, url, key) => {
    const asked = candidateOf({ ...PLAN, ...plan }, { ...NOTHING, ...choice }, ENV);
    expect([asked.url, asked.headers]).toEqual([url, { authorization: `Bearer ${key}` }]);
  });

  it("is what the agent says where this environment names it", () => {
    const env = { ...ENV, LEEWAY_SHADOW_HOSTS: "c.example", LEEWAY_SHADOW_KEYS: "MINE" };
    const asked = candidateOf({ ...PLAN, baseUrl: "https://c.example/v1", key: "MINE" }, NOTHING, env);
    expect([asked.url, asked.headers]).toEqual([
      "https://c.example/v1/chat/completions",
      { authorization: "Bearer sk-2" },
    ]);
  });

  it.each([
    ["a host", { baseUrl: "https://evil.example/v1" }, "LEEWAY_SHADOW_HOSTS"],
    ["a secret", { key: "STRIPE_KEY" }, "LEEWAY_SHADOW_KEYS"],
    [
      "a host that looks like the provider's",
      { baseUrl: "https://api.openai.com.evil.example/v1" },
      "LEEWAY_SHADOW_HOSTS",
    ],
  ])("is nothing where the agent asks for %s that nobody allowed", (_what, plan, variable) => {
    expect(() => candidateOf({ ...PLAN, ...plan }, NOTHING, ENV)).toThrow(variable);
  });
});
