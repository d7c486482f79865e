// One model call, as an app makes it after it has asked its flag.
export const callModel = async () => {
  const body = JSON.stringify({ model: "good", messages: [{ role: "user", content: "hello" }] });
  const headers = { "content-type": "application/json" };
  await (await fetch(`${process.env.MODEL_URL}/chat/completions`, { method: "POST", headers, body })).json();
};
