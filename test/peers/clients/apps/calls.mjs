// One client's plain call, stream, failure, refused connection and early end, printed as the app sees them.
const [name] = process.argv.slice(2);
const base = process.env.MODEL_URL;
const NOWHERE = "http://127.0.0.1:2";
const JSON_TYPE = { "content-type": "application/json" };

const bodyOf = (model) =>
  JSON.stringify({ model, messages: [{ role: "user", content: "grüß dich" }], stream: model.includes("stream") });

const textOf = async (stream) => {
  let text = "";
  const decoder = new TextDecoder();
  for await (const part of stream) text += typeof part === "string" ? part : decoder.decode(part, { stream: true });
  return text;
};

const print = (...parts) => process.stdout.write(`${parts.join(" ")}\n`);

const overFetch = (ask) => async (url, model) =>
  (await ask(`${url}/v1/chat/completions`, { method: "POST", headers: JSON_TYPE, body: bodyOf(model) })).text();

/** What asks a model and gives the text of its answer, by the client's name. */
const CLIENTS = {
  openai: async () => {
    const { OpenAI } = await import("openai");
    return async (url, model) => {
      const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "k", maxRetries: 0 });
      const answer = await client.chat.completions.create(JSON.parse(bodyOf(model)));
      if (!model.includes("stream")) return JSON.stringify(answer);
      const chunks = [];
      for await (const chunk of answer) chunks.push(chunk);
      return JSON.stringify(chunks);
    };
  },
  axios: async () => {
    const { default: axios } = await import("axios");
    return async (url, model) => {
      const isStream = model.includes("stream");
      const how = { headers: JSON_TYPE, responseType: isStream ? "stream" : "text" };
      const { data } = await axios.post(`${url}/v1/chat/completions`, bodyOf(model), how);
      return isStream ? textOf(data) : data;
    };
  },
  got: async () => {
    const { got } = await import("got");
    const how = (model) => ({ body: bodyOf(model), headers: JSON_TYPE, retry: { limit: 0 } });
    return async (url, model) =>
      model.includes("stream")
        ? textOf(got.stream.post(`${url}/v1/chat/completions`, how(model)))
        : got.post(`${url}/v1/chat/completions`, how(model)).text();
  },
  superagent: async () => {
    const { default: superagent } = await import("superagent");
    return async (url, model) =>
      (await superagent.post(`${url}/v1/chat/completions`).set(JSON_TYPE).buffer(true).send(bodyOf(model))).text;
  },
  "node-fetch": async () => overFetch((await import("node-fetch")).default),
  "undici-fetch": async () => overFetch((await import("undici")).fetch),
  "undici-instead-of-fetch": async () => {
    globalThis.fetch = (await import("undici")).fetch;
    return overFetch((...given) => globalThis.fetch(...given));
  },
  "undici-request": async () => {
    const { request } = await import("undici");
    return async (url, model) => {
      const how = { method: "POST", headers: JSON_TYPE, body: bodyOf(model) };
      const { statusCode, body } = await request(`${url}/v1/chat/completions`, how);
      return `${statusCode} ${await textOf(body)}`;
    };
  },
  "undici-stream": async () => {
    const { stream } = await import("undici");
    const { PassThrough } = await import("node:stream");
    return async (url, model) => {
      const through = new PassThrough();
      const text = textOf(through);
      const how = { method: "POST", headers: JSON_TYPE, body: bodyOf(model) };
      await stream(`${url}/v1/chat/completions`, how, () => through);
      return text;
    };
  },
  "fetch-beside-undici": async () => {
    await import("undici");
    return overFetch(fetch);
  },
  azure: async () => {
    const { default: createClient } = await import("@azure-rest/ai-inference");
    const { AzureKeyCredential } = await import("@azure/core-auth");
    return async (url, model) => {
      const how = { allowInsecureConnection: true, retryOptions: { maxRetries: 0 } };
      const client = createClient(`${url}/models`, new AzureKeyCredential("k"), how);
      const asked = client.path("/chat/completions").post({ body: JSON.parse(bodyOf(model)) });
      if (model.includes("stream")) return textOf((await asked.asNodeStream()).body);
      const { status, body } = await asked;
      return `${status} ${JSON.stringify(body)}`;
    };
  },
  ollama: async () => {
    const { Ollama } = await import("ollama");
    return async (url, model) => {
      const answer = await new Ollama({ host: url }).chat(JSON.parse(bodyOf(model)));
      if (!model.includes("stream")) return JSON.stringify(answer);
      const chunks = [];
      for await (const chunk of answer) chunks.push(chunk);
      return JSON.stringify(chunks);
    };
  },
};

const ask = await CLIENTS[name]();
for (const [model, url] of Object.entries({
  plain: base,
  "gzip plain": base,
  stream: base,
  fails: base,
  refused: NOWHERE,
})) {
  try {
    print(model, await ask(url, model));
  } catch (error) {
    print(model, "threw", error?.name, error?.code ?? error?.cause?.code, error?.status ?? error?.response?.status);
  }
}
