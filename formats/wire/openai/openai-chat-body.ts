import type { JsonObject } from "../../json/json-object.ts";

/** What is asked of a model, one answer that is as repeatable as the provider can make it. */
export interface ChatQuestion {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  /** 0 = the likeliest answer. */
  readonly temperature: number;
  readonly maxTokens: number;
  /** True to ask for a JSON object. */
  readonly json: boolean;
}

/** The body of a chat completion, whole and not streamed, as OpenAI and compatible servers take it. */
export const openaiChatBody = ({ model, messages, temperature, maxTokens, json }: ChatQuestion): JsonObject => ({
  ...{ model, messages, temperature },
  max_tokens: maxTokens,
  ...(json ? { response_format: { type: "json_object" } } : {}),
});
