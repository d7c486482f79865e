import { expect, it } from "vitest";
import { openaiChat } from "../../../../formats/wire/openai/openai-chat.ts";
import { type ChatQuestion, openaiChatBody } from "../../../../formats/wire/openai/openai-chat-body.ts";

const QUESTION: ChatQuestion = {
  ...{ model: "gpt-4o", temperature: 0, maxTokens: 50, json: false },
  messages: [{ role: "user", content: "Why?" }],
};
const URL_OF_CHAT = new URL("https://api.openai.com/v1/chat/completions");

it.each([true, false])("is read back as what was asked: json %s", (json) => {
  const facts = openaiChat.readRequest(openaiChatBody({ ...QUESTION, json }), URL_OF_CHAT);
  expect(facts).toMatchObject({ operation: "chat", model: "gpt-4o", asked: { json } });
  expect(facts?.attributes).toMatchObject({ "gen_ai.request.temperature": 0, "gen_ai.request.max_tokens": 50 });
  expect(facts?.attributes).not.toHaveProperty("gen_ai.request.stream");
});

it("asks for nothing that was not asked for", () => {
  expect(openaiChatBody(QUESTION)).toEqual({
    ...{ model: "gpt-4o", temperature: 0, max_tokens: 50 },
    messages: [{ role: "user", content: "Why?" }],
  });
});
