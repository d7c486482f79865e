import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BUILT_IN_PRICES, PRICES_AS_OF } from "../../agent/built-in-prices.ts";
import { builtInPrices, type PriceCall, readPrices } from "../../agent/prices.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

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
    builtInPrices({ ...call, request_model: model, input_tokens: 100_000, output_tokens: 100_000 });

  it.each([
    ["gpt-4o", "gpt-4o-2024-11-20"],
    ["gpt-4o", "openai/gpt-4o"],
    ["claude-sonnet-4", "claude-sonnet-4-20250514"],
    ["claude-sonnet-4", "us.anthropic.claude-sonnet-4-20250514-v1:0"],
    ["claude-sonnet-4", "claude-sonnet-4@20250514"],
    ["claude-3-5-haiku", "claude-3-5-haiku-latest"],
    ["gemini-2.5-flash", "models/gemini-2.5-flash"],
    ["nova-pro", "amazon.nova-pro-v1:0"],
    ["claude-opus-5-5", "us.anthropic.claude-opus-5-5-v1"],
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
    expect(builtInPrices({ ...cached, ...fields })).toBeCloseTo(0.1 * 0.2 + 0.1 * 5, 9);
  });

  it.each([
    "mistral-large-4-0",
    "gpt-4o-realtime-preview",
    "gpt-5-codex-x",
    "ft:gpt-4o-2024-08-06:org::id",
    "mistral-large-latest",
    "llama-3",
    "",
  ])("does not guess the price of %j", (model) => expect(usd(model)).toBeNull());

  it("prices embeddings, which have no output", () => {
    const embedding = { ...call, request_model: "text-embedding-3-small", output_tokens: null };
    expect(builtInPrices(embedding)).toBeCloseTo(0.02, 9);
  });

  it("does not price a call beyond the length its prices hold for", () => {
    const long = { ...call, request_model: "gemini-2.5-pro" };
    expect(builtInPrices({ ...long, input_tokens: 200_000 })).not.toBeNull();
    expect(builtInPrices({ ...long, input_tokens: 200_001 })).toBeNull();
  });

  it.each([...BUILT_IN_PRICES])("has sane prices of %s", (_model, { input, output, cached, cacheWrite }) => {
    expect(input).toBeGreaterThan(0);
    expect(output === 0 || output >= input).toBe(true);
    expect(cached ?? 0).toBeLessThan(input);
    expect(cacheWrite ?? input).toBeGreaterThanOrEqual(input);
  });

  it("is of the month that the documentation names", () => {
    const text = readFileSync(new URL("../../docs/prices.md", import.meta.url), "utf8");
    expect(text).toContain(`list prices of ${PRICES_AS_OF}`);
  });
});
