import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listen, startOtlpReceiver } from "../../instrumentation/otlp-receiver.ts";
import { type Checked, checkApps } from "../check-apps.ts";
import { runProgram } from "../run-program.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));

const APPS = {
  "unleash-client 6.12.1": "unleash",
  "@launchdarkly/node-server-sdk 9.13.7": "launchdarkly",
  "@growthbook/growthbook 1.8.0": "growthbook",
};

// sha256("user-1"), first 16 hex digits
const HASH = "c6c289e49e9c05b2";

const WANTED: Readonly<Record<string, unknown>> = {
  "feature_flag.key": "support-model",
  "feature_flag.result.variant": "canary",
  "leeway.cohort": "canary",
  "leeway.targeting_key_hash": HASH,
};

const problemsOf = async (app: string): Promise<readonly string[]> => {
  const receiver = await startOtlpReceiver();
  const model = await listen(async (incoming, response) => {
    for await (const _part of incoming);
    response.writeHead(200, { "content-type": "application/json" }).end('{"id":"r","model":"good","choices":[]}');
  });
  const env = { LEEWAY_SPOOL_DIR: "off", MODEL_URL: model.url, LEEWAY_ENDPOINT: receiver.url };
  const args = ["--require", "leeway/instrumentation", join(HERE, "apps", `${app}.mjs`)];
  const { ended, stderr } = await runProgram(args, { cwd: HERE, env, timeoutMs: 30_000 });
  await Promise.all([model.close(), receiver.close()]);
  const span = receiver.spans.find(({ name }) => name === "chat good");
  const wrong = Object.entries(WANTED).filter(([name, value]) => span?.attributes[name] !== value);
  const events = receiver.logs.filter(({ eventName }) => eventName === "feature_flag.evaluation").length;
  return [
    ...(ended === "0" ? [] : [`the app ended with ${ended}: ${stderr.slice(0, 300)}`]),
    ...wrong.map(([name, value]) => `${name} is ${String(span?.attributes[name])} instead of ${String(value)}`),
    ...(events === 1 ? [] : [`${events} evaluation events instead of 1`]),
    ...(receiver.requests.some(({ body }) => body.includes("user-1")) ? ["the targeting key left the process"] : []),
  ];
};

/** `recordFlag` from the events of the real flag SDKs, each app as the documentation shows it. */
export const checkFlags = (): Promise<readonly Checked[]> =>
  checkApps({
    folder: HERE,
    apps: Object.fromEntries(Object.entries(APPS).map(([name, app]) => [name, () => problemsOf(app)])),
  });
