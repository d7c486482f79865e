/** US dollars per million tokens of each kind. */
export interface TokenPrices {
  readonly input: number;
  readonly output: number;
  /** Input tokens read from the provider's cache; the input price where it is not given. */
  readonly cached?: number | undefined;
  /** Input tokens written to the provider's cache; the input price where it is not given. */
  readonly cacheWrite?: number | undefined;
  /** The same, to be kept for an hour; unknown where it is not given and the other one is. */
  readonly cacheWriteHour?: number | undefined;
  /** Input that is audio; unknown where it is not given. Images cost what other input does. */
  readonly audioInput?: number | undefined;
  /** Output that is audio, and that is images; unknown where it is not given. */
  readonly audioOutput?: number | undefined;
  readonly imageOutput?: number | undefined;
}

/** Prices of calls of every length. */
export interface LengthPrices extends TokenPrices {
  /** The prices hold for calls of at most this many input tokens; longer ones have an unknown price, but for `long`. */
  readonly maxInput?: number | undefined;
  /** All tokens of calls of more than `maxInput` input tokens. */
  readonly long?: TokenPrices | undefined;
}

/** The tiers of service that have a price of their own. */
export const SERVICE_TIERS = ["flex", "priority", "batch"] as const;

/** A tier of service, as OpenAI calls it. */
export type ServiceTier = (typeof SERVICE_TIERS)[number];

/** What one model costs. */
export interface ModelPrice extends LengthPrices {
  /** The prices are known to change on this day, `2027-01-01` (UTC); calls from then on have an unknown price. */
  readonly until?: string | undefined;
  /** Prices in other tiers than the standard one; in those that are not given they are unknown. */
  readonly tiers?: Readonly<Partial<Record<ServiceTier, LengthPrices | undefined>>> | undefined;
}

/** Prices by model name. */
export type PriceTable = ReadonlyMap<string, ModelPrice>;

const scaledTokens = (prices: TokenPrices, factor: number): TokenPrices => {
  const scale = (price: number | undefined): number | undefined => (price === undefined ? undefined : price * factor);
  return {
    ...{ input: prices.input * factor, output: prices.output * factor, cached: scale(prices.cached) },
    ...{ cacheWrite: scale(prices.cacheWrite), cacheWriteHour: scale(prices.cacheWriteHour) },
    ...{ audioInput: scale(prices.audioInput), audioOutput: scale(prices.audioOutput) },
    imageOutput: scale(prices.imageOutput),
  };
};

/** The prices times `factor`. */
export const scaledPrices = ({ maxInput, long, ...prices }: LengthPrices, factor: number): LengthPrices => ({
  ...scaledTokens(prices, factor),
  ...{ maxInput, long: long === undefined ? undefined : scaledTokens(long, factor) },
});
