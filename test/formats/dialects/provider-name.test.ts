import { expect, test } from "vitest";
import { providerName } from "../../../formats/dialects/read/provider-name.ts";

test.each([
  ["OpenAI", "openai"],
  ["az.ai.openai", "azure.ai.openai"],
  ["vertex_ai", "gcp.vertex_ai"],
  ["xai", "x_ai"],
  ["my-gateway", "my-gateway"],
  ["valueOf", "valueof"],
])("provider %j is %j", (given, expected) => {
  expect(providerName(given)).toBe(expected);
});
