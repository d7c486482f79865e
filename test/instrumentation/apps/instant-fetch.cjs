// Loaded before the preload: a provider without a network, so that thousands of calls cost milliseconds.
const body = JSON.stringify({
  id: "chatcmpl-1",
  model: "good",
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Four." } }],
  usage: { prompt_tokens: 9, completion_tokens: 2 },
});
globalThis.fetch = async () => new Response(body, { status: 200, headers: { "content-type": "application/json" } });
