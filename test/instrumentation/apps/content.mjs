// Puts a marker into everything that is content, and makes calls that end in every way, in several wire formats.
import { leewayFlagHook, setRedaction, withConversation } from "leeway";
import OpenAI from "openai";

const SECRET = "CANARY-7f3a";
const REDACTIONS = {
  replaces: (text) => text.replaceAll(SECRET, "[gone]"),
  throws: () => {
    throw new Error(SECRET);
  },
};
setRedaction(REDACTIONS[process.env.REDACTION] ?? null);
const base = process.env.OPENAI_BASE_URL;
const client = new OpenAI({ maxRetries: 0 });
const schema = { type: "object", properties: { [SECRET]: { enum: [SECRET], description: SECRET } } };
const request = {
  messages: [
    { role: "system", content: `system ${SECRET}` },
    { role: "user", name: SECRET, content: [{ type: "text", text: `user ${SECRET}` }] },
    { role: "user", content: [{ type: "image_url", image_url: { url: `https://${SECRET}.test/${SECRET}.png` } }] },
    { role: "user", content: [{ type: "image_url", image_url: { url: `data:image/png;base64,${btoa(SECRET)}` } }] },
    { role: "assistant", tool_calls: [{ id: "1", type: "function", function: { name: "t", arguments: SECRET } }] },
    { role: "tool", tool_call_id: "1", content: SECRET },
  ],
  stop: [SECRET],
  user: SECRET,
  metadata: { note: SECRET },
  safety_identifier: SECRET,
  prompt_cache_key: SECRET,
  prediction: { type: "content", content: SECRET },
  logit_bias: { 1: 1 },
  response_format: { type: "json_schema", json_schema: { name: "s", description: SECRET, schema } },
  tools: [{ type: "function", function: { name: `tool_${SECRET}`, description: SECRET, parameters: schema } }],
};
const OTHERS = {
  "/v1/responses": { instructions: SECRET, input: [{ role: "user", content: [{ type: "input_text", text: SECRET }] }] },
  "/v1/messages": {
    max_tokens: 9,
    system: [{ type: "text", text: SECRET }],
    messages: [{ role: "user", content: SECRET }],
    metadata: { user_id: SECRET },
    stop_sequences: [SECRET],
    tools: [{ name: "t", description: SECRET, input_schema: schema }],
  },
  "/v1beta/models/others:generateContent": {
    systemInstruction: { parts: [{ text: SECRET }] },
    contents: [{ role: "user", parts: [{ text: SECRET }, { inlineData: { mimeType: "image/png", data: SECRET } }] }],
    generationConfig: { stopSequences: [SECRET], responseSchema: schema },
  },
  "/v1/embeddings": { input: [SECRET], user: SECRET },
};
const headers = { "content-type": "application/json", "x-user": SECRET };
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
  for (const [path, body] of Object.entries(OTHERS)) {
    const init = { method: "POST", headers, body: JSON.stringify({ model: "others", ...body }) };
    await (await fetch(`${base}${path}?key=${SECRET}`, init)).text();
  }
});
