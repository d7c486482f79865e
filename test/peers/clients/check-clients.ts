import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startChatServer } from "../../instrumentation/http-client/chat-server.ts";
import { type ReceivedSpan, startOtlpReceiver } from "../../instrumentation/otlp-receiver.ts";
import { type Checked, checkApps } from "../check-apps.ts";
import { runProgram } from "../run-program.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));

/** What each client is called in the table, and in the app. */
const CLIENTS: Readonly<Record<string, string>> = {
  "openai 4.104.0 (node-fetch 2)": "openai",
  "axios 1.21.1": "axios",
  "got 14.6.6": "got",
  "superagent 10.4.2": "superagent",
  "node-fetch 3.3.2": "node-fetch",
  "undici 7.30.2, its fetch": "undici-fetch",
  "undici 7.30.2, its fetch as the global one": "undici-instead-of-fetch",
  "undici 7.30.2, request": "undici-request",
  "undici 7.30.2, stream": "undici-stream",
  "undici 7.30.2 loaded, the global fetch": "fetch-beside-undici",
  "@azure-rest/ai-inference 1.0.0-beta.6": "azure",
  "ollama 0.6.4": "ollama",
};

/** Attributes of the one span of each model. */
const SAID = { "leeway.output.chars": 7, "error.type": undefined, "gen_ai.response.finish_reasons": ["stop"] };
const WANTED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  plain: { ...SAID, "gen_ai.usage.input_tokens": 11, "gen_ai.usage.output_tokens": 7 },
  "gzip plain": { ...SAID, "gen_ai.usage.input_tokens": 11 },
  stream: { ...SAID, "gen_ai.request.stream": true },
  fails: { "error.type": "503", "http.response.status_code": 503 },
  refused: { "error.type": "ECONNREFUSED" },
};

/** Listening to what Node loads makes it forget that a package asked for this module, not the app. */
const DEPRECATION = /^\(node:\d+\) \[DEP0040\].*\n.*--trace-deprecation.*\n/m;

const run = async (client: string, flags: readonly string[]) => {
  const [model, receiver] = await Promise.all([startChatServer(), startOtlpReceiver()]);
  const env = { LEEWAY_SPOOL_DIR: "off", MODEL_URL: model.url, LEEWAY_ENDPOINT: receiver.url };
  const args = [...flags, join(HERE, "apps", "calls.mjs"), client];
  const { ended, stdout, stderr } = await runProgram(args, { cwd: HERE, env, timeoutMs: 60_000 });
  await Promise.all([model.close(), receiver.close()]);
  return { ended, stdout, stderr: stderr.replace(DEPRECATION, ""), spans: receiver.spans };
};

/** What undici's own fetch is about to send is known once it is sent: what nobody took is not. */
const isUnsent = (client: string, model: string): boolean =>
  model === "refused" && ["undici-fetch", "undici-instead-of-fetch"].includes(client);

const differences = (client: string, spans: readonly ReceivedSpan[]): readonly string[] =>
  Object.entries(WANTED).flatMap(([model, wanted]) => {
    if (isUnsent(client, model)) return [];
    const found = spans.filter(({ attributes }) => attributes["gen_ai.request.model"] === model);
    if (found.length !== 1) return [`${model}: ${found.length} spans; expected 1`];
    return Object.entries(wanted).flatMap(([name, value]) => {
      const given = found[0]?.attributes[name];
      const isSame = JSON.stringify(given) === JSON.stringify(value);
      return isSame ? [] : [`${model}: ${name} is ${JSON.stringify(given)}; expected ${JSON.stringify(value)}`];
    });
  });

const problemsOf = async (client: string): Promise<readonly string[]> => {
  const without = await run(client, []);
  const withUs = await run(client, ["--import", "leeway/instrumentation"]);
  return [
    ...(without.ended === "0" ? [] : [`without us it ended with ${without.ended}: ${without.stderr.slice(0, 300)}`]),
    ...(withUs.ended === without.ended ? [] : [`it ended with ${withUs.ended}: ${withUs.stderr.slice(0, 300)}`]),
    ...(withUs.stdout === without.stdout ? [] : ["what the app saw differs"]),
    ...(withUs.stderr === without.stderr ? [] : [`stderr differs: ${withUs.stderr.slice(0, 300)}`]),
    ...differences(client, withUs.spans),
  ];
};

/** HTTP clients and SDKs that do not call the global fetch, or may not: the same program without and with the preload. */
export const checkClients = (): Promise<readonly Checked[]> =>
  checkApps({
    folder: HERE,
    apps: Object.fromEntries(Object.entries(CLIENTS).map(([name, client]) => [name, () => problemsOf(client)])),
  });
