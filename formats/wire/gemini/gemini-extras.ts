import { LEEWAY } from "../../../core/attributes.ts";
import type { JsonObject } from "../../json/json-object.ts";
import { listOf, objectOf, wordOf } from "../../json/read-json.ts";
import { type PriceAttributes, partAttributes } from "../../usage/priced-parts.ts";

const tokensOf = (details: unknown, modality: string): unknown =>
  listOf(details)
    .map(objectOf)
    .find((each) => each.modality === modality)?.tokenCount;

/** What `usageMetadata` says that the price depends on beside the counts: audio and images, and whether throughput was bought. */
export const readGeminiExtras = (usage: JsonObject): PriceAttributes => {
  const traffic = wordOf(usage.trafficType);
  return {
    ...(traffic !== "" && { [LEEWAY.serviceTier]: traffic.toLowerCase() }),
    ...partAttributes({
      audioInput: tokensOf(usage.promptTokensDetails, "AUDIO"),
      audioOutput: tokensOf(usage.candidatesTokensDetails, "AUDIO"),
      imageOutput: tokensOf(usage.candidatesTokensDetails, "IMAGE"),
    }),
  };
};
