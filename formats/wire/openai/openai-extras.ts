import { OPENAI } from "../../../core/attributes.ts";
import type { JsonObject } from "../../json/json-object.ts";
import { objectOf, wordOf } from "../../json/read-json.ts";
import { type PriceAttributes, partAttributes, writtenForAnHour } from "../../usage/priced-parts.ts";

/** The service tier that was used, as an attribute. */
export const readTier = (body: JsonObject): PriceAttributes => {
  const tier = wordOf(body.service_tier);
  return tier === "" ? {} : { [OPENAI.responseServiceTier]: tier };
};

/** Tokens of a `usage` object that have a price of their own; proxies add Anthropic's names. */
export const readParts = (value: unknown): PriceAttributes => {
  const usage = objectOf(value);
  const input = objectOf(usage.prompt_tokens_details ?? usage.input_tokens_details);
  const output = objectOf(usage.completion_tokens_details ?? usage.output_tokens_details);
  return partAttributes({
    ...{ audioInput: input.audio_tokens, audioOutput: output.audio_tokens, imageOutput: output.image_tokens },
    cacheWriteHour: writtenForAnHour(usage),
  });
};

/** What OpenAI answers beside the answer and is worth an attribute. */
export const readExtras = (body: JsonObject): PriceAttributes => ({ ...readTier(body), ...readParts(body.usage) });
