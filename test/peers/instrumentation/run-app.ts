import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { ReceivedRequest } from "../../doubles/provider-double.ts";
import { type OtlpReceiver, type ReceivedSpan, startOtlpReceiver } from "../../instrumentation/otlp-receiver.ts";
import { runProgram } from "../run-program.ts";
import type { Sdk } from "./sdks.ts";

/** How the app's own modules are written. */
export type ModuleKind = "CommonJS" | "ESM";

/** How we are loaded; null for the run without us. */
export type Loaded = "--require" | "--import" | null;

/** Everything that can be seen of one run. */
export interface AppRun {
  /** Exit code, a signal's name, or `timeout`. */
  readonly ended: string;
  /** What the app printed, a line per step. */
  readonly lines: readonly string[];
  readonly stderr: string;
  /** What the provider was sent. */
  readonly requests: readonly string[];
  /** Spans of calls; the exporter's own reports are left out. */
  readonly spans: readonly ReceivedSpan[];
}

const HERE = fileURLToPath(new URL(".", import.meta.url));
const TIMEOUT_MS = 90_000;

/** Ports and process ids, the only things that may differ between two runs. */
const mask = (text: string): string =>
  text.replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT").replaceAll(/\(node:\d+\)/g, "(node:PID)");

/** Headers that differ between two runs of the same program. */
const VOLATILE =
  /^(?::authority|host|connection|content-length|idempotency-key|x-client-request-id|authorization|amz-sdk-invocation-id|x-amz-date|amz-sdk-request)$/;

const requestText = ({ method, path, headers, body }: ReceivedRequest): string => {
  const stable = Object.entries(headers).filter(([name]) => !VOLATILE.test(name));
  return JSON.stringify([method, path, stable.sort(), body]);
};

/** Folder of an SDK's package.json. */
export const folderOf = (sdk: Sdk): string => join(HERE, "sdks", sdk.name);

/** Writes the app's entry where the SDK resolves. */
const writeEntry = (sdk: Sdk, kind: ModuleKind): string => {
  const folder = join(folderOf(sdk), "node_modules", ".leeway-matrix");
  mkdirSync(folder, { recursive: true });
  const app = join(HERE, "apps", sdk.app);
  const modules = Object.entries(sdk.modules);
  const required = modules.map(([name, from]) => `${name}: require(${JSON.stringify(from)})`);
  const commonjs = `require(${JSON.stringify(app)})({ ${required.join(", ")} });\n`;
  const imports = modules.map(([name, from]) => `import * as ${name} from ${JSON.stringify(from)};\n`);
  const names = modules.map(([name]) => name).join(", ");
  const esm = `${imports.join("")}import run from "${pathToFileURL(app)}";\nawait run({ ${names} });\n`;
  const file = join(folder, kind === "ESM" ? "app.mjs" : "app.cjs");
  writeFileSync(file, kind === "ESM" ? esm : commonjs);
  return file;
};

const callsOf = (receiver: OtlpReceiver): ReceivedSpan[] =>
  receiver.spans.filter(({ name }) => name !== "leeway.export_report");

/** A loopback address nothing listens on. */
const REFUSED_URL = "http://127.0.0.1:2";

/** Runs the app of an SDK once, against a provider and a collector of its own. */
export const runApp = async (sdk: Sdk, node: string, kind: ModuleKind, loaded: Loaded): Promise<AppRun> => {
  const provider = await sdk.startProvider();
  const receiver = await startOtlpReceiver();
  const flags = loaded === null ? [] : [loaded, "leeway/instrumentation"];
  // Of its own: an earlier run's collector may have had the same port.
  const spool = mkdtempSync(join(tmpdir(), "leeway-matrix-"));
  const ours = { LEEWAY_ENDPOINT: receiver.url, LEEWAY_SPOOL_DIR: spool };
  const env = { PATH: "", PROVIDER_URL: provider.url, REFUSED_URL, NO_COLOR: "1", ...ours };
  const place = { node, cwd: folderOf(sdk), env, timeoutMs: TIMEOUT_MS };
  const { ended, stdout, stderr } = await runProgram([...flags, writeEntry(sdk, kind)], place);
  const run = {
    ended,
    lines: mask(stdout).trimEnd().split("\n"),
    stderr: mask(stderr),
    requests: provider.requests.map(requestText).map(mask),
    spans: callsOf(receiver),
  };
  await Promise.all([provider.close(), receiver.close()]);
  rmSync(spool, { recursive: true, force: true });
  return run;
};
