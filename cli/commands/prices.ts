import { existsSync } from "node:fs";
import { loadPrices } from "../../agent/prices/load-prices.ts";
import type { LengthPrices, TokenPrices } from "../../agent/prices/model-price.ts";
import { builtInPrices, type FindPrice, type Prices } from "../../agent/prices/prices.ts";
import { printableLine } from "../../core/printable.ts";
import type { ExitCode } from "../exit-code.ts";
import { renderTable } from "../render/table.ts";

/** What `leeway prices` is asked. */
export interface PricesOptions {
  /** Names as apps and providers write them. */
  readonly models: readonly string[];
  readonly config: string;
  /** `config` was named by the person, and has to be there. */
  readonly isNamed: boolean;
  readonly json: boolean;
}

type Found = NonNullable<ReturnType<FindPrice>>;

const openPrices = ({ config, isNamed }: PricesOptions): Prices =>
  isNamed || existsSync(config) ? loadPrices(config, process.env) : builtInPrices;

const dollars = (price: number | undefined): string =>
  price === undefined ? "-" : String(Number(price.toPrecision(12)));

const rowOf = (what: string, prices: TokenPrices): readonly string[] => [
  what,
  ...[prices.input, prices.cached ?? prices.input, prices.cacheWrite ?? prices.input, prices.cacheWriteHour].map(
    dollars,
  ),
  ...[prices.output, prices.audioInput, prices.audioOutput, prices.imageOutput].map(dollars),
];

const rowsOf = (tier: string, prices: LengthPrices): readonly (readonly string[])[] => {
  const { maxInput, long } = prices;
  if (maxInput === undefined) return [rowOf(tier, prices)];
  const beyond = long === undefined ? [] : [rowOf(`${tier}, more than ${maxInput}`, long)];
  return [rowOf(`${tier}, input up to ${maxInput}`, prices), ...beyond];
};

const HEAD = ["tier", "input", "cached", "written", "for an hour", "output", "audio in", "audio out", "image out"];

const render = (model: string, found: Found | null): string => {
  const name = printableLine(model);
  if (found === null) {
    return `${name}: no price is known; the cost of its calls is unknown. A line of agent.prices gives it one (docs/prices.md)\n`;
  }
  const { price, because } = found;
  const how = because.length === 0 ? "as it is" : because.join(", ");
  const tiers = Object.entries(price.tiers ?? {}).flatMap(([tier, prices]) =>
    prices === undefined ? [] : rowsOf(tier, prices),
  );
  const until = price.until === undefined ? [] : [`  known until ${price.until}`];
  const table = renderTable(HEAD, [...rowsOf("standard", price), ...tiers]).map((line) => `  ${line}`);
  const text = [`${name}: ${found.name} of ${found.table} (${how}); US dollars per million tokens`, ...until, ...table];
  return `${text.join("\n")}\n`;
};

/** `leeway prices`: how names of models are priced, and why. Exit 1 when one of them is not. */
export const prices = (options: PricesOptions, print: (text: string) => void): ExitCode => {
  const { find } = openPrices(options);
  const all = options.models.map((model) => ({ model, found: find(model) }));
  if (options.json) {
    const models = all.map(({ model, found }) => ({
      model,
      ...(found ?? { name: null, table: null, because: [], price: null }),
    }));
    print(`${JSON.stringify({ schema: "leeway.prices/1", models })}\n`);
  } else {
    for (const { model, found } of all) print(render(model, found));
  }
  return all.every(({ found }) => found !== null) ? 0 : 1;
};
