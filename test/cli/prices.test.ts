import { expect, it } from "vitest";
import { temporaryDirectory } from "../agent/temporary-directory.ts";
import { leeway } from "./leeway.ts";

const OWN = `gpt-4o: { input: 2, output: 8 }\nour-model: { input: 1, output: 2, until: 2027-06-01 }\n`;

it("says how a name is priced and why, and ends with 1 where one is not", async () => {
  const folder = temporaryDirectory({});
  const known = await leeway(folder, ["prices", "azure/gpt-35-turbo", "jp.anthropic.claude-sonnet-4-5-20250929-v1:0"]);
  expect(known.code).toBe(0);
  expect(known.stdout).toContain(
    "gpt-3.5-turbo of the built-in table (without its route, with the dot that Azure leaves out)",
  );
  expect(known.stdout).toContain("a tenth more, for calls that Bedrock keeps in a region");
  const unknown = await leeway(folder, ["prices", "gpt-4o", "gpt-4o-next"]);
  expect(unknown.code).toBe(1);
  expect(unknown.stdout).toContain("gpt-4o-next: no price is known; the cost of its calls is unknown");
});

it("puts the prices of one's own before the built-in ones, and needs no secret of the configuration", async () => {
  const config = `agent: { token: "$\{env:NOT_SET}", prices: prices.yaml }\n`;
  const folder = temporaryDirectory({ "leeway.yaml": config, "prices.yaml": OWN });
  const { code, stdout } = await leeway(folder, ["prices", "openai/gpt-4o", "our-model", "gpt-4o-mini", "--json"]);
  expect(code).toBe(0);
  const { schema, models } = JSON.parse(stdout) as { schema: string; models: { name: string; table: string }[] };
  expect(schema).toBe("leeway.prices/1");
  expect(models.map(({ name, table }) => [name, table])).toEqual([
    ["gpt-4o", "prices.yaml"],
    ["our-model", "prices.yaml"],
    ["gpt-4o-mini", "the built-in table"],
  ]);
  expect((await leeway(folder, ["prices", "our-model"])).stdout).toContain("known until 2027-06-01");
});

it.each([
  ["a table with a mistake", { "prices.yaml": "gpt-4o: { input: -1, output: 1 }\n" }, [], "prices.yaml: gpt-4o.input"],
  [
    "long prices without a length",
    { "prices.yaml": "m: { input: 1, output: 1, long: { input: 2, output: 2 } }\n" },
    [],
    "maxInput",
  ],
  ["a configuration that was named and is not there", {}, ["--config", "other.yaml"], "other.yaml"],
])("refuses %s", async (_what, files, options, message) => {
  const folder = temporaryDirectory({ "leeway.yaml": "agent: { prices: prices.yaml }\n", ...files });
  const { code, stderr } = await leeway(folder, ["prices", "gpt-4o", ...options]);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

it("prints a hostile name as one harmless line", async () => {
  const { stdout } = await leeway(temporaryDirectory({}), ["prices", "gpt\u001b[31m\nfake: 0"]);
  expect(stdout).not.toContain("\u001b");
  expect(stdout.trimEnd().split("\n")).toHaveLength(1);
});
