import { describe, expect, it } from "vitest";
import { recordedCall } from "../../../formats/dialects/read/recorded-call.ts";

const PLACES: readonly (readonly [name: string, text: string])[] = [
  ["gen_ai.output.messages", JSON.stringify([{ parts: [{ type: "text", content: "the conventions" }] }])],
  ["ai.response.text", "Vercel AI"],
  ["llm.output_messages.0.message.content", "OpenInference"],
  ["gen_ai.completion.0.content", "OpenLLMetry"],
  ["gen_ai.completion", "the conventions of old"],
  ["langfuse.observation.output", "Langfuse"],
  ["gen_ai.response.text", "Sentry"],
];
const SAID = ["the conventions", ...PLACES.slice(1).map(([, text]) => text)];

describe("the answer on a span", () => {
  it.each(PLACES.map(([name], at) => [name, at] as const))(
    "is read from %s before all that may be less",
    (_name, at) => {
      const recorded = new Map(PLACES.slice(at).toReversed());
      expect(recordedCall(recorded, "stop")?.answer.text).toBe(SAID[at]);
    },
  );

  it("is none where a span has no such attribute", () => {
    expect(recordedCall(new Map([["gen_ai.request.model", "m"]]), "stop")).toBeNull();
  });
});
