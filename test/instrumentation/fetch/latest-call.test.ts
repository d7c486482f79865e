import { describe, expect, it } from "vitest";
import { currentCall, withConversation } from "../../../instrumentation/index.ts";
import { hookedFetch } from "./chat-setup.ts";

const MESSAGES = [{ role: "user", content: "hello" }];
const ANSWER = '{"id":"r","model":"m","choices":[]}';

const setup = () => {
  const hooked = hookedFetch(async () => new Response(ANSWER, { headers: { "content-type": "application/json" } }));
  const post = async (path: string, body: object, headers: Record<string, string> = {}): Promise<void> => {
    const init = { method: "POST", body: JSON.stringify({ model: "m", ...body }), headers };
    await (await hooked.fetch(`https://api.openai.com/v1/${path}`, init)).text();
  };
  return { ...hooked, post };
};

describe("the latest call of a scope", () => {
  it("is known as soon as it was made, by the ids of its span to be", async () => {
    const { post, call } = setup();
    const named = await withConversation("c", async () => {
      await post("chat/completions", { messages: MESSAGES });
      return currentCall();
    });
    const { context } = await call();
    expect(named).toEqual({ traceId: context.identity?.traceId, spanId: context.identity?.spanId });
  });

  it("is the one that answers, not an embedding made of the answer", async () => {
    const { post } = setup();
    const [answer, afterwards] = await withConversation("c", async () => {
      await post("chat/completions", { messages: MESSAGES });
      const answered = currentCall();
      await post("embeddings", { input: "hello" });
      return [answered, currentCall()];
    });
    expect(answer).not.toBeNull();
    expect(afterwards).toEqual(answer);
  });

  it("is none of a scope in which no model was asked", async () => {
    const { post } = setup();
    await withConversation("c", () => post("chat/completions", { messages: MESSAGES }));
    expect(withConversation("d", currentCall)).toBeNull();
    expect(currentCall()).toBeNull();
  });
});
