import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BUILT_IN_PRICES, PRICES_AS_OF } from "../../../agent/prices/built-in-prices.ts";
import { builtInPrices, type PriceCall, readPrices } from "../../../agent/prices/prices.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const TABLE = `
gpt-4o: { input: 2.5, output: 10, cached: 1.25 }
gpt-4o-2024-08-06: { input: 5, output: 20 }
free: { input: 0, output: 0 }
written: { input: 2, output: 8, cached: 0.2, cacheWrite: 2.5 }
short: { input: 1, output: 1, maxInput: 1000 }
claude-opus-4-1: { input: 1, output: 1 }
promoted: { input: 1, output: 2, until: 2027-01-01 }
`;

const read = (text: string) =>
  readPrices(join(temporaryDirectory({ "prices.yaml": text }), "prices.yaml"), "prices.yaml");

const loaded = (): PriceCall => {
  const result = read(TABLE);
  if ("problems" in result) throw new Error("the table is valid");
  return result.price;
};

const call = {
  start_ms: Date.UTC(2026, 10, 20),
  provider: "openai",
  request_model: "gpt-4o",
  response_model: "",
  input_tokens: 1_000_000,
  output_tokens: 100_000,
  cached_tokens: null,
  cache_write_tokens: null,
  reasoning_tokens: null,
};

describe("the price of a call", () => {
  it.each([
    ["input and output, per million tokens", {}, 2.5 + 1],
    ["cached tokens are part of the input and cheaper", { cached_tokens: 400_000 }, 0.6 * 2.5 + 0.4 * 1.25 + 1],
    ["more cached tokens than input cannot make it negative", { cached_tokens: 9_000_000 }, 1.25 + 1],
    ["the model that answered counts before the one asked for", { response_model: "gpt-4o-2024-08-06" }, 5 + 2],
    [
      "cached tokens at the input price where there is no other",
      { response_model: "gpt-4o-2024-08-06", cached_tokens: 500_000 },
      5 + 2,
    ],
    ["an answering model without price leaves the one asked for", { response_model: "gpt-4o-next" }, 3.5],
    ["a free model costs nothing, which is known", { request_model: "free" }, 0],
    ["an unknown model", { request_model: "llama" }, null],
    ["a model called like something every object has", { request_model: "constructor" }, null],
    ["unknown input", { input_tokens: null }, null],
    ["unknown output", { output_tokens: null }, null],
    ["unknown output of a model whose output is free", { request_model: "free", output_tokens: null }, 0],
    ["a model of the built-in table that the file leaves out", { request_model: "gpt-4o-mini" }, 0.15 + 0.06],
    ["the file comes before the built-in table", { request_model: "claude-opus-4-1-20250805" }, 1.1],
  ])("%s", (_what, fields, usd) => {
    const price = loaded()({ ...call, ...fields });
    if (usd === null) expect(price).toBeNull();
    else expect(price).toBeCloseTo(usd, 9);
  });

  it("counts tokens written to the cache at their own price", () => {
    const priced = { ...call, request_model: "written", input_tokens: 1_000_000, output_tokens: 0 };
    const fields = { cached_tokens: 200_000, cache_write_tokens: 300_000 };
    expect(loaded()({ ...priced, ...fields })).toBeCloseTo(0.5 * 2 + 0.2 * 0.2 + 0.3 * 2.5, 9);
  });

  it("is unknown for a call that is longer than the prices hold for", () => {
    const long = { ...call, request_model: "short", output_tokens: 0 };
    expect(loaded()({ ...long, input_tokens: 1000 })).toBeCloseTo(0.001, 9);
    expect(loaded()({ ...long, input_tokens: 1001 })).toBeNull();
  });
});

it("is unknown for a call that was made after the prices were to change, and known for one before", () => {
  const at = (start_ms: number) => loaded()({ ...call, request_model: "promoted", start_ms });
  expect(at(Date.UTC(2027, 0, 1) - 1)).toBeCloseTo(1.2, 9);
  expect(at(Date.UTC(2027, 0, 1))).toBeNull();
});

describe("a price table", () => {
  it.each([
    ["gpt: { input: 1, output: 1, until: soon }", "gpt.until: "],
    ["gpt: { input: -1, output: 1 }", "gpt.input: too small; expected at least 0"],
    ["gpt: 3", "gpt: is a number; expected keys with values"],
    ["[]", "is a list; expected keys with values"],
  ])("is refused: %s", (text, expected) => {
    const result = read(text);
    const [problem] = "problems" in result ? result.problems : [];
    expect(`${problem?.path}: ${problem?.text}`).toContain(expected);
  });
});

describe("the built-in table", () => {
  const usd = (model: string) =>
    builtInPrices.price({ ...call, request_model: model, input_tokens: 100_000, output_tokens: 100_000 });

  it.each([
    ["gpt-4o", "gpt-4o-2024-11-20"],
    ["gpt-4o", "openai/gpt-4o"],
    ["claude-sonnet-4", "claude-sonnet-4-20250514"],
    ["claude-sonnet-4", "us.anthropic.claude-sonnet-4-20250514-v1:0"],
    ["claude-sonnet-4", "claude-sonnet-4@20250514"],
    ["claude-3-5-haiku", "claude-3-5-haiku-latest"],
    ["gemini-2.5-flash", "models/gemini-2.5-flash"],
    ["nova-pro", "amazon.nova-pro-v1:0"],
    ["claude-opus-5-5", "global.anthropic.claude-opus-5-5-v1"],
    ["claude-sonnet-4-5", "anthropic/claude-sonnet-4.5"],
    ["claude-sonnet-4-5", "openrouter/anthropic/claude-sonnet-4.5"],
    ["claude-3-5-sonnet", "claude-3.5-sonnet"],
    [
      "claude-sonnet-4",
      "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-20250514-v1:0",
    ],
    ["claude-3-haiku", "arn:aws:bedrock:eu-central-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0"],
    ["claude-3-haiku", "bedrock/eu-central-1/anthropic.claude-3-haiku-20240307-v1:0"],
    ["gpt-4o", "azure/gpt-4o"],
    ["gpt-4o", "azure/global/gpt-4o-2024-11-20"],
    ["gpt-4o", "GPT-4o "],
    ["gpt-3.5-turbo", "gpt-35-turbo"],
    ["gpt-3.5-turbo", "azure/gpt-35-turbo"],
    ["gemini-2.5-flash", "vertex_ai/gemini-2.5-flash"],
    ["gemini-2.5-flash", "gemini/gemini-2.5-flash"],
    ["gemini-2.5-flash", "projects/p/locations/us-central1/publishers/google/models/gemini-2.5-flash"],
    ["gemini-2.0-flash", "gemini-2.0-flash-001"],
    ["claude-sonnet-4", "vertex_ai/claude-sonnet-4@20250514"],
    ["grok-3", "xai/grok-3-latest"],
    ["nova-pro", "us.amazon.nova-pro-v1:0"],
    ["gpt-6.1-sol", "gpt-6.1-sol-2026-09-29"],
  ])("prices %s also when it is called %s", (name, written) => {
    expect(usd(name)).toBeGreaterThan(0);
    expect(usd(written)).toBe(usd(name));
  });

  it("prices a snapshot that has its own price by that", () => {
    expect(usd("gpt-4o-2024-05-13")).toBeCloseTo(2, 9);
    expect(usd("gpt-4o")).toBeCloseTo(1.25, 9);
  });

  it("knows what a read from and a write to the cache cost where that is no tenth and no quarter", () => {
    const cached = { ...call, request_model: "claude-opus-5-5", input_tokens: 200_000, output_tokens: 0 };
    const fields = { cached_tokens: 100_000, cache_write_tokens: 100_000 };
    expect(builtInPrices.price({ ...cached, ...fields })).toBeCloseTo(0.1 * 0.2 + 0.1 * 5, 9);
  });

  it.each([
    "mistral-large-4-0",
    "azure/us/gpt-4o",
    "azure/my-deployment",
    "groq/openai/gpt-4o",
    "together_ai/anthropic/claude-sonnet-4",
    "openrouter/openai/gpt-4o:free",
    "gpt-4o-mini-prod",
    "gemini-2.5-flash-002x",
    "gemini-flash-latest",
    "codestral-latest",
    "claude-4.5-sonnet",
    "claude-sonnet-4-6-7",
    "us-gov.anthropic.claude-3-haiku-20240307-v1:0",
    "bedrock/us-gov-west-1/anthropic.claude-3-haiku-20240307-v1:0",
    "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123",
    "arn:aws:bedrock:us-east-1:123456789012:provisioned-model/gpt-4o",
    "gpt-41",
    "gpt-4.10",
    "gpt-5.40",
    "/",
    "-latest",
    "gpt-4o-realtime-preview",
    "gpt-5-codex-x",
    "ft:gpt-4o-2024-08-06:org::id",
    "mistral-large-latest",
    "llama-3",
    "",
  ])("does not guess the price of %j", (model) => expect(usd(model)).toBeNull());

  it("prices embeddings, which have no output", () => {
    const embedding = { ...call, request_model: "text-embedding-3-small", output_tokens: null };
    expect(builtInPrices.price(embedding)).toBeCloseTo(0.02, 9);
  });

  it("does not price a call beyond the length its prices hold for", () => {
    const long = { ...call, request_model: "gpt-6-sol" };
    expect(builtInPrices.price({ ...long, input_tokens: 272_000 })).not.toBeNull();
    expect(builtInPrices.price({ ...long, input_tokens: 272_001 })).toBeNull();
  });

  it.each([...BUILT_IN_PRICES])("has sane prices of %s", (_model, { input, output, cached, cacheWrite }) => {
    expect(input).toBeGreaterThan(0);
    expect(output === 0 || output >= input).toBe(true);
    expect(cached ?? 0).toBeLessThan(input);
    expect(cacheWrite ?? input).toBeGreaterThanOrEqual(input);
  });

  it("is of the month that the documentation names", () => {
    const text = readFileSync(new URL("../../../docs/prices.md", import.meta.url), "utf8");
    expect(text).toContain(`list prices of ${PRICES_AS_OF}`);
  });
});

describe("what the built-in table knows beside a plain price", () => {
  const usd = (model: string, fields: Partial<Parameters<PriceCall>[0]> = {}): number | null =>
    builtInPrices.price({ ...call, request_model: model, input_tokens: 1_000_000, output_tokens: 0, ...fields });
  const parts = {
    ...{ cache_write_hour_tokens: null, audio_input_tokens: null },
    ...{ audio_output_tokens: null, image_output_tokens: null },
  };

  it.each([
    ["gpt-5-mini", "flex", 0.125],
    ["gpt-5-mini", "Priority", 0.45],
    ["gpt-5-mini", "default", 0.25],
    ["gpt-5-mini", "auto", 0.25],
    ["gpt-5-mini", "", 0.25],
    ["gpt-5-mini", "scale", null],
    ["gpt-5-mini", "turbo", null],
    ["gpt-4o", "flex", null],
    ["claude-haiku-4-5", "standard", 1],
    ["claude-haiku-4-5", "batch", 0.5],
    ["claude-haiku-4-5", "priority", null],
    ["gemini-2.5-flash", "flex", null],
  ])("a million tokens of %s in tier %j cost %s", (model, service_tier, expected) => {
    const cost = usd(model, { service_tier });
    if (expected === null) expect(cost).toBeNull();
    else expect(cost).toBeCloseTo(expected, 9);
  });

  it("counts a tier that was asked for only where it is the standard one, and the answer names none", () => {
    expect(usd("gpt-5-mini", { requested_tier: "flex" })).toBeNull();
    expect(usd("gpt-5-mini", { requested_tier: "flex", service_tier: "default" })).toBeCloseTo(0.25, 9);
    expect(usd("gpt-5-mini", { requested_tier: "auto" })).toBeCloseTo(0.25, 9);
  });

  it("prices all of a long call as a long one", () => {
    expect(usd("gemini-2.5-pro", { input_tokens: 200_000 })).toBeCloseTo(0.25, 9);
    expect(usd("gemini-2.5-pro", { input_tokens: 200_001, output_tokens: 100_000 })).toBeCloseTo(0.5000025 + 1.5, 9);
    expect(usd("claude-sonnet-4-5", { input_tokens: 300_000, cached_tokens: 300_000 })).toBeCloseTo(0.18, 9);
    expect(usd("gpt-5.4", { input_tokens: 300_000, service_tier: "flex" })).toBeCloseTo(0.75, 9);
    expect(usd("gpt-5.4", { input_tokens: 300_000, service_tier: "priority" })).toBeNull();
  });

  it("asks more for what is kept in the cache for an hour", () => {
    const written = { cache_write_tokens: 1_000_000 };
    expect(usd("claude-haiku-4-5", written)).toBeCloseTo(1.25, 9);
    expect(usd("claude-haiku-4-5", { ...written, parts: { ...parts, cache_write_hour_tokens: 600_000 } })).toBeCloseTo(
      0.5 + 1.2,
      9,
    );
    expect(
      usd("gpt-5.6", { input_tokens: 10, cache_write_tokens: 10, parts: { ...parts, cache_write_hour_tokens: 5 } }),
    ).toBeNull();
  });

  it("does not price audio and images as text", () => {
    const audio = { parts: { ...parts, audio_input_tokens: 500_000 } };
    expect(usd("gemini-2.5-flash", audio)).toBeCloseTo(0.15 + 0.5, 9);
    expect(usd("gemini-2.5-flash", { ...audio, cached_tokens: 1000 })).toBeNull();
    expect(usd("gemini-2.5-pro", { input_tokens: 100_000, cached_tokens: 1000, ...audio })).not.toBeNull();
    expect(usd("gpt-4o", audio)).toBeNull();
    expect(usd("gpt-4o", { parts: { ...parts, audio_input_tokens: 0 } })).toBeCloseTo(2.5, 9);
    expect(usd("gemini-2.5-flash", { output_tokens: 10, parts: { ...parts, image_output_tokens: 5 } })).toBeNull();
    expect(usd("gemini-2.5-flash", { output_tokens: 10, parts: { ...parts, audio_output_tokens: 5 } })).toBeNull();
  });

  it.each([
    ["jp.anthropic.claude-sonnet-4-5-20250929-v1:0", 3.3],
    ["eu.anthropic.claude-haiku-4-5-20251001-v1:0", 1.1],
    ["bedrock/us-east-1/anthropic.claude-haiku-4-5-20251001-v1:0", 1.1],
    ["us.anthropic.claude-opus-5-5-v1", 4.4],
    ["global.anthropic.claude-sonnet-4-5-20250929-v1:0", 3],
    ["us.anthropic.claude-sonnet-4-20250514-v1:0", 3],
    ["us.anthropic.claude-opus-4-1-20250805-v1:0", 15],
    ["anthropic/claude-haiku-4.5", 1],
  ])("%s costs %d for 100,000 tokens times ten", (model, expected) => {
    expect((usd(model, { input_tokens: 100_000 }) ?? 0) * 10).toBeCloseTo(expected, 9);
  });
});

it("never prices a name that goes on behind a known one", () => {
  const known = new Set(BUILT_IN_PRICES.keys());
  const ends = ["-x", "-mini", "-2", ".1", "0", "-preview", "-turbo", "-pro", ":free", "-fast", "-latest-2"];
  const begins = ["x-", "my", "ft:", "groq/", "azure/eu/", "fireworks/"];
  const names = [...known].flatMap((name) => [
    ...ends.map((end) => name + end),
    ...begins.map((begin) => begin + name),
  ]);
  const wrong = names.filter(
    (name) => !known.has(name.replace(".", "-")) && !known.has(name) && builtInPrices.find(name) !== null,
  );
  expect(wrong).toEqual([]);
});
