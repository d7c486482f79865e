import type { FieldReader } from "../../formats/dialects/read/field-reader.ts";
import { countOf, textOf } from "../../formats/dialects/read/values.ts";
import type { PricedCall } from "../collaborators.ts";

/** What the price of a call depends on beside its models and its counts of tokens; none of it is stored. */
export const priceFacts = (read: FieldReader): Pick<PricedCall, "service_tier" | "requested_tier" | "parts"> => ({
  service_tier: textOf(read("service_tier")),
  requested_tier: textOf(read("requested_tier")),
  parts: {
    cache_write_hour_tokens: countOf(read("cache_write_hour_tokens")),
    audio_input_tokens: countOf(read("audio_input_tokens")),
    audio_output_tokens: countOf(read("audio_output_tokens")),
    image_output_tokens: countOf(read("image_output_tokens")),
  },
});
