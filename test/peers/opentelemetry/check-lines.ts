import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { listen, type OtlpReceiver, startOtlpReceiver } from "../../instrumentation/otlp-receiver.ts";
import { type Checked, checkApps } from "../check-apps.ts";
import { type PackedLeeway, placeLeeway } from "../pack-leeway.ts";
import { runProgram } from "../run-program.ts";

const HERE = fileURLToPath(new URL(".", import.meta.url));

interface OwnSpan {
  readonly name: string;
  readonly kind: number;
  readonly status: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly traceId: string;
  readonly spanId: string;
}

const ANSWER = JSON.stringify({
  ...{ id: "r", model: "good", object: "chat.completion" },
  choices: [{ index: 0, message: { role: "assistant", content: "On Monday." }, finish_reason: "stop" }],
});

/** A model that answers, and a collector. */
const startWorld = async () => {
  const receiver = await startOtlpReceiver();
  const model = await listen(async (incoming, response) => {
    for await (const _part of incoming);
    response.writeHead(200, { "content-type": "application/json" }).end(ANSWER);
  });
  const env = { MODEL_URL: model.url, LEEWAY_ENDPOINT: receiver.url, LEEWAY_SPOOL_DIR: "off" };
  return { receiver, env, close: () => Promise.all([model.close(), receiver.close()]) };
};

type Run = { readonly spans: readonly OwnSpan[]; readonly ours: OtlpReceiver["spans"]; readonly trouble: string[] };

const runOwn = async (line: string, flags: readonly string[], more: Readonly<Record<string, string>>): Promise<Run> => {
  const { receiver, env, close } = await startWorld();
  const place = { cwd: join(HERE, line), env: { ...env, ...more }, timeoutMs: 30_000 };
  const { ended, stdout, stderr } = await runProgram([...flags, "own.mjs"], place);
  await close();
  const trouble = ended === "0" && stderr === "" ? [] : [`own.mjs ended with ${ended}: ${stderr.slice(0, 300)}`];
  return { spans: trouble.length > 0 ? [] : JSON.parse(stdout), ours: receiver.spans, trouble };
};

const shown = (spans: readonly OwnSpan[]): string =>
  JSON.stringify(spans.map(({ name, kind, status, attributes }) => [name, kind, status, attributes]));

/** What is wrong where the app runs its own SDK of this line. */
const besideOwn = async (line: string, flag: string): Promise<readonly string[]> => {
  const without = await runOwn(line, [], {});
  const withUs = await runOwn(line, [flag, "leeway/instrumentation"], {});
  const enriched = await runOwn(line, [flag, "leeway/instrumentation"], { PROCESSOR: "1" });
  const call = withUs.spans.find(({ name }) => name === "chat good");
  const root = withUs.spans.find(({ name }) => name === "handle request");
  const parents = withUs.ours.map(({ traceId, parentSpanId }) => `${traceId} ${parentSpanId}`);
  const wanted = [call, root].map((span) => `${span?.traceId} ${span?.spanId}`);
  const { attributes = {} } = enriched.spans.find(({ name }) => name === "chat good") ?? {};
  const added = [attributes["leeway.cohort"], attributes["leeway.covered"], attributes["leeway.output.chars"]];
  return [
    ...[without, withUs, enriched].flatMap(({ trouble }) => trouble),
    ...(without.spans.length === 2 ? [] : [`it exports ${without.spans.length} spans without us; expected 2`]),
    ...(shown(without.spans) === shown(withUs.spans) ? [] : ["its export differs with us"]),
    ...(JSON.stringify(parents) === JSON.stringify(wanted) ? [] : [`parents are ${parents}; expected ${wanted}`]),
    ...(JSON.stringify(added) === '["canary",true,10]' ? [] : [`the span processor added ${JSON.stringify(added)}`]),
  ];
};

/** What is wrong where `leeway/sdk` starts the SDK of this line. */
const throughSdk = async (line: string, flag: string): Promise<readonly string[]> => {
  const { receiver, env, close } = await startWorld();
  const backend = await startOtlpReceiver();
  const otel = {
    ...{ OTEL_EXPORTER_OTLP_ENDPOINT: backend.url, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" },
    ...{ OTEL_SERVICE_NAME: "traced-app", OTEL_METRICS_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" },
  };
  const place = { cwd: join(HERE, line), env: { ...env, ...otel }, timeoutMs: 30_000 };
  const { ended, stdout, stderr } = await runProgram([flag, "leeway/sdk", "traced.mjs"], place);
  await Promise.all([close(), backend.close()]);
  if (ended !== "0" || stderr !== "") return [`traced.mjs ended with ${ended}: ${stderr.slice(0, 300)}`];
  const { traceId, spanId } = JSON.parse(stdout);
  const theirs = backend.spans.map(({ name, traceId: id }) => `${name} ${id}`).join(", ");
  const ours = receiver.spans
    .map((span) => `${span.name} ${span.traceId} ${span.parentSpanId} ${span.resource["service.name"]}`)
    .join(", ");
  return [
    ...(theirs === `handle request ${traceId}` ? [] : [`the backend got ${theirs || "nothing"}`]),
    ...(ours === `chat good ${traceId} ${spanId} traced-app` ? [] : [`the collector got ${ours || "nothing"}`]),
  ];
};

const LINES = { "2": "OpenTelemetry 2.x/0.2xx", "3": "OpenTelemetry 3.x/0.30x" };

/** Apps with either line of OpenTelemetry: their own, and the one that `leeway/sdk` starts. */
export const checkLines = async (packed: PackedLeeway): Promise<readonly Checked[]> => {
  const checked: Checked[] = [];
  for (const [line, name] of Object.entries(LINES)) {
    const folder = join(HERE, line);
    const apps = Object.fromEntries(
      ["--require", "--import"].flatMap((flag) => [
        [`${name}, its own SDK, ${flag}`, () => besideOwn(line, flag)],
        [`${name}, leeway/sdk, ${flag}`, () => throughSdk(line, flag)],
      ]),
    );
    // `leeway/sdk` finds the SDK from where it is itself.
    checked.push(...(await checkApps({ folder, apps, prepare: () => placeLeeway(packed, folder) })));
  }
  return checked;
};
