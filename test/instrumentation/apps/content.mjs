// Puts a marker into everything that is content, and makes calls that end in every way.
import { leewayFlagHook, withConversation } from "leeway";
import OpenAI from "openai";

const SECRET = "CANARY-7f3a";
const client = new OpenAI({ maxRetries: 0 });
const request = {
  messages: [
    { role: "system", content: `system ${SECRET}` },
    { role: "user", content: `user ${SECRET}` },
  ],
  stop: [SECRET],
  user: SECRET,
  metadata: { note: SECRET },
  tools: [{ type: "function", function: { name: `tool_${SECRET}`, description: SECRET, parameters: {} } }],
};
const hook = leewayFlagHook();
await withConversation("c-1", async () => {
  hook.after({ flagKey: "support-model", context: { targetingKey: SECRET } }, { variant: "canary" });
  for (const model of ["answers", "refuses", "calls-tool", "errs", "garbage", "streams", "streams-error"]) {
    try {
      const result = await client.chat.completions.create({ ...request, model, stream: model.startsWith("streams") });
      if (model.startsWith("streams")) for await (const _ of result);
    } catch {
      // Part of the exercise.
    }
  }
});
