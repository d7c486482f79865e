import { describe, expect, it } from "vitest";
import { besideRequest } from "../../../agent/beside/beside-askers.ts";
import { contentQuestion } from "../../../agent/beside/content-question.ts";
import { askedModel } from "../../../agent/replay/asker.ts";
import { aContent } from "./a-content.ts";

const user = (content: string) => ({ role: "user", parts: [{ type: "text", content }] });
const asked = askedModel(
  { model: "gpt-x", provider: "openai", baseUrl: null, keyVariable: null },
  { OPENAI_API_KEY: "k" },
);

describe("a stored call", () => {
  it("is asked as it was, in the words of whoever is asked", () => {
    const tools = [{ type: "function", name: "find", parameters: '{"type":"object"}' }];
    const question = contentQuestion(
      aContent({ tools, request: { output_type: "json", max_tokens: 50, tool_choice: "auto" } }),
    );
    if (!("asked" in question)) throw new Error(question.why);
    expect(besideRequest(asked, question.asked, null)).toMatchObject({
      body: {
        model: "gpt-x",
        messages: [
          { role: "system", content: "be kind" },
          { role: "user", content: "question 1" },
        ],
        tools: [{ type: "function", function: { name: "find", parameters: { type: "object" } } }],
        response_format: { type: "json_object" },
      },
    });
  });

  it("keeps the tool calls of its run", () => {
    const messages = [
      user("orders?"),
      { role: "assistant", parts: [{ type: "tool_call", id: "c1", name: "find", arguments: "{}" }] },
      { role: "tool", parts: [{ type: "tool_call_response", id: "c1", response: "7" }] },
    ];
    const question = contentQuestion(aContent({ messages }));
    if (!("asked" in question)) throw new Error(question.why);
    expect(besideRequest(asked, question.asked, null)).toMatchObject({
      body: { messages: [{}, {}, { role: "assistant" }, { role: "tool", tool_call_id: "c1", content: "7" }] },
    });
  });

  it.each([
    ["shortened", aContent({ truncated: ["messages"] })],
    ["shortened", aContent({ truncated: ["output"] })],
    ["no-messages", aContent({ messages: [] })],
    ["redacted", aContent({ messages: [user("[REDACTED]")] })],
    ["redacted", aContent({ messages: [user("fine"), user("*** <email>")] })],
    ["redacted", aContent({ messages: [user("  ")] })],
    ["other-words", aContent({ system: [{ type: "blob", modality: "image" }] })],
    ["other-words", aContent({ request: { top_k: 5 } })],
    ["other-words", aContent({ request: { reasoning: "high" } })],
    ["other-words", aContent({ messages: [{ role: "prophet", parts: [] }] })],
    ["other-words", aContent({ messages: [5] })],
  ])("is not asked where it is %s", (not, content) => {
    expect(contentQuestion(content)).toMatchObject({ not });
  });

  it("is asked where a part of it was redacted and a question is left", () => {
    expect(contentQuestion(aContent({ messages: [user("why was [card] refused?")] }))).toHaveProperty("asked");
  });

  it.each([
    [
      "bytes that are not there",
      {
        role: "user",
        parts: [
          { type: "blob", modality: "image" },
          { type: "text", content: "?" },
        ],
      },
    ],
    ["another model's reasoning", { role: "assistant", parts: [{ type: "reasoning", content: "hm" }] }],
  ])("is not said with %s", (_what, message) => {
    const question = contentQuestion(aContent({ messages: [user("look"), message] }));
    if (!("asked" in question)) throw new Error(question.why);
    expect(besideRequest(asked, question.asked, null)).toHaveProperty("notAskable");
  });
});
