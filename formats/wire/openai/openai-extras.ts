import { OPENAI } from "../../../core/attributes.ts";
import type { JsonObject } from "../../json/json-object.ts";
import { textOf } from "../../json/read-json.ts";

/** What OpenAI answers beside the answer and is worth an attribute: the service tier that was used. */
export const readExtras = (body: JsonObject): Readonly<Record<string, string>> => {
  const tier = textOf(body.service_tier);
  return tier === "" ? {} : { [OPENAI.responseServiceTier]: tier };
};
