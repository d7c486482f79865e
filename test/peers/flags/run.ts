// node test/peers/flags/run.ts [--tarball=leeway.tgz], after npm run build: recordFlag from the events of the real
// flag SDKs, each app as the documentation shows it.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listen, startOtlpReceiver } from "../../instrumentation/otlp-receiver.ts";
import { installPackages } from "../install-packages.ts";
import { packLeeway, placeLeeway } from "../pack-leeway.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const APPS = ["unleash", "launchdarkly", "growthbook"];

// sha256("user-1"), first 16 hex digits
const HASH = "c6c289e49e9c05b2";

const WANTED: Readonly<Record<string, unknown>> = {
  "feature_flag.key": "support-model",
  "feature_flag.result.variant": "canary",
  "leeway.cohort": "canary",
  "leeway.targeting_key_hash": HASH,
};

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const run = (app: string, env: Readonly<Record<string, string>>): Promise<{ code: number | null; errors: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ["--require", "leeway/instrumentation", join(HERE, "apps", `${app}.mjs`)], {
      cwd: HERE,
      env: { PATH: process.env.PATH, LEEWAY_SPOOL_DIR: "off", ...env },
      stdio: ["ignore", "ignore", "pipe"],
      timeout: 30_000,
    });
    let errors = "";
    child.stderr.on("data", (part) => {
      errors += part;
    });
    child.once("close", (code) => resolve({ code, errors }));
  });

const problemsOf = async (app: string): Promise<readonly string[]> => {
  const receiver = await startOtlpReceiver();
  const model = await listen(async (incoming, response) => {
    for await (const _part of incoming);
    response.writeHead(200, { "content-type": "application/json" }).end('{"id":"r","model":"good","choices":[]}');
  });
  const { code, errors } = await run(app, { MODEL_URL: model.url, LEEWAY_ENDPOINT: receiver.url });
  await Promise.all([model.close(), receiver.close()]);
  const span = receiver.spans.find(({ name }) => name === "chat good");
  const wrong = Object.entries(WANTED).filter(([name, value]) => span?.attributes[name] !== value);
  const events = receiver.logs.filter(({ eventName }) => eventName === "feature_flag.evaluation").length;
  return [
    ...(code === 0 ? [] : [`the app ended with ${code}: ${errors.slice(0, 300)}`]),
    ...wrong.map(([name, value]) => `${name} is ${String(span?.attributes[name])} instead of ${String(value)}`),
    ...(events === 1 ? [] : [`${events} evaluation events instead of 1`]),
    ...(receiver.requests.some(({ body }) => body.includes("user-1")) ? ["the targeting key left the process"] : []),
  ];
};

const reason = await installPackages(HERE);
if (reason !== null) {
  print(`skipped: ${reason}`);
} else {
  const tarball = process.argv.find((argument) => argument.startsWith("--tarball="))?.slice("--tarball=".length);
  const packed = await packLeeway(tarball ?? null);
  try {
    placeLeeway(packed);
    for (const app of APPS) {
      const problems = await problemsOf(app);
      print(`${problems.length === 0 ? "ok    " : "FAILED"} ${app}`);
      for (const problem of problems) print(`         ${problem}`);
      if (problems.length > 0) process.exitCode = 1;
    }
  } finally {
    packed.remove();
  }
}
