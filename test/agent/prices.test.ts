import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { noPrices, type PriceCall, readPrices } from "../../agent/prices.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const TABLE = `
gpt-4o: { input: 2.5, output: 10, cached: 1.25 }
gpt-4o-2024-08-06: { input: 5, output: 20 }
free: { input: 0, output: 0 }
`;

const read = (text: string) =>
  readPrices(join(temporaryDirectory({ "prices.yaml": text }), "prices.yaml"), "prices.yaml");

const loaded = (): PriceCall => {
  const result = read(TABLE);
  if ("problems" in result) throw new Error("the table is valid");
  return result.price;
};

const call = {
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
  ])("%s", (_what, fields, usd) => {
    const price = loaded()({ ...call, ...fields });
    if (usd === null) expect(price).toBeNull();
    else expect(price).toBeCloseTo(usd, 9);
  });

  it("is unknown without a table, not zero", () => expect(noPrices(call)).toBeNull());
});

describe("a price table", () => {
  it.each([
    ["gpt: { input: -1, output: 1 }", "gpt.input: too small; expected at least 0"],
    ["gpt: 3", "gpt: is a number; expected keys with values"],
    ["[]", "is a list; expected keys with values"],
  ])("is refused: %s", (text, expected) => {
    const result = read(text);
    const [problem] = "problems" in result ? result.problems : [];
    expect(`${problem?.path}: ${problem?.text}`).toContain(expected);
  });
});
