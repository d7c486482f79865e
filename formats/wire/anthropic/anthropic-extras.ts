import { LEEWAY } from "../../../core/attributes.ts";
import { objectOf, wordOf } from "../../json/read-json.ts";
import { type PriceAttributes, partAttributes, writtenForAnHour } from "../../usage/priced-parts.ts";

const extrasOf = (value: unknown): PriceAttributes => {
  const tier = wordOf(objectOf(value).service_tier);
  return {
    ...(tier !== "" && { [LEEWAY.serviceTier]: tier }),
    ...partAttributes({ cacheWriteHour: writtenForAnHour(value) }),
  };
};

/** What Anthropic's `usage` objects say that the price depends on beside the counts: the tier, and how long the cache is kept. */
export const readAnthropicExtras = (usages: readonly unknown[]): PriceAttributes =>
  Object.assign({}, ...usages.map(extrasOf));
