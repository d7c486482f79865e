/** US dollars per million tokens of one model. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  /** Input tokens read from the provider's cache; the input price where it is not given. */
  readonly cached?: number | undefined;
  /** Input tokens written to the provider's cache; the input price where it is not given. */
  readonly cacheWrite?: number | undefined;
  /** The prices hold for calls of at most this many input tokens; longer ones have an unknown price. */
  readonly maxInput?: number | undefined;
  /** The prices are known to change on this day, `2027-01-01` (UTC); calls from then on have an unknown price. */
  readonly until?: string | undefined;
}

/** Prices by model name. */
export type PriceTable = ReadonlyMap<string, ModelPrice>;

/** Vendors as routers and clouds write them before the model: `openai/`, `models/`, `us.anthropic.`. */
const VENDOR =
  /^(?:(?:openai|anthropic|google|mistralai|cohere|x-ai|models|publishers\/(?:google|anthropic)\/models)\/|(?:(?:us|eu|apac|global)\.)?(?:anthropic|amazon|cohere|mistral)\.)/;

/** Bedrock's version of a model: `-v1:0`, `-v2`. */
const CLOUD_VERSION = /-v\d+(?::\d+)?$/;

/** A snapshot's date, in the forms `-2025-04-14`, `-20250514`, `@20250514`; or `-latest`. */
const SNAPSHOT = /(?:[-@]\d{8}|-\d{4}-\d{2}-\d{2}|-latest)$/;

/**
 * Names under which a model may be priced, best first: as it is, without vendor and cloud version, without the date of
 * a snapshot. Nothing else is taken off: a model that only begins like a known one has an unknown price.
 */
export const priceNames = (model: string): readonly string[] => {
  const bare = model.replace(VENDOR, "").replace(CLOUD_VERSION, "");
  return [...new Set([model, bare, bare.replace(SNAPSHOT, "")])];
};

/** The price of a model; null where the table does not know it. */
export const priceOf = (table: PriceTable, model: string): ModelPrice | null => {
  for (const name of priceNames(model)) {
    const price = table.get(name);
    if (price !== undefined) return price;
  }
  return null;
};
