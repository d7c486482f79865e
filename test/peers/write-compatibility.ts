import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Checked } from "./check-apps.ts";
import type { Beside } from "./install/beside.ts";
import { packagesIn } from "./install/beside.ts";
import { folderOf } from "./instrumentation/run-app.ts";
import type { Cell } from "./instrumentation/run-matrix.ts";
import { sdks } from "./instrumentation/sdks.ts";

const FILE = fileURLToPath(new URL("../../docs/compatibility.md", import.meta.url));

const HEAD = `# Compatibility

Written by \`npm run test:peers\`, which anybody can repeat. Each case runs the same program twice, without and with the
preload, against a provider on loopback: results, errors, streamed chunks and what the provider was sent have to be
equal byte for byte, and every call has to give exactly one span that says what it should. The calls cover plain and
streamed answers, tool calls, refusals, structured output, SDK helpers, raw responses, HTTP errors, retries, broken
connections, timeouts, aborts, streams left early and streams never read.
`;

/** A Markdown table with its columns aligned, as the formatter wants it. */
const table = (rows: readonly (readonly string[])[]): string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)];
};

/** What stays unseen, and what can be done about it; not measured, said. */
const UNSEEN: readonly string[] = [
  "## What is not seen",
  "",
  ...table([
    ["calls", "what is said", "what to do"],
    ["over HTTP/2 (`node:http2`, got with `http2`)", "a line (Node 24.21)", "`fetch` or HTTP/1.1"],
    ["of a bundled `undici`", "nothing", "`wrapFetch` around its `fetch`, or leave it out of the bundle"],
    ["of `undici` before 7.12", "a line; timed, answers not read", "a newer version"],
    ["of `undici`'s own `fetch` that find nobody listening", "nothing", "`wrapFetch` around it"],
    ["of a child process, a worker or another runtime", "nothing", "`NODE_OPTIONS`, `LEEWAY_WORKERS=1`, OTLP"],
    ["over sockets of one's own, WebSockets, WebRTC, gRPC", "nothing", "OTLP"],
    ["with a request beyond 16 MiB that is no text of `fetch`", "nothing", "links instead of bytes"],
  ]),
  "",
  "OTLP: spans of another instrumentation, sent to the agent. `NODE_OPTIONS=--require=leeway/instrumentation` reaches processes",
  "that are started with the environment of their parent.",
];

const versionsOf = (name: string): string => {
  const sdk = sdks.find((one) => one.name === name);
  const packages = sdk === undefined ? {} : packagesIn(folderOf(sdk));
  return Object.entries(packages)
    .filter(([from]) => from !== "zod")
    .map(([from, version]) => `${from} ${version}`)
    .join(", ");
};

const unique = (values: readonly string[]): string[] => [...new Set(values)];

const verdictOf = (cells: readonly Cell[]): string => {
  if (cells.length === 0) return "not run";
  if (cells.some(({ noticed, misrecorded }) => noticed.length + misrecorded.length > 0)) return "**fails**";
  return cells.some(({ skipped }) => skipped !== null) ? "skipped" : "ok";
};

const matrixTable = (cells: readonly Cell[]): string[] => {
  const nodes = unique(cells.map(({ node }) => node)).sort();
  const columns = nodes.flatMap((node) => (["CommonJS", "ESM"] as const).map((kind) => ({ node, kind })));
  const rows = unique(cells.map(({ sdk }) => sdk)).map((name) => {
    const own = cells.filter(({ sdk }) => sdk === name);
    const verdicts = columns.map(({ node, kind }) =>
      verdictOf(own.filter((cell) => cell.node === node && cell.kind === kind)),
    );
    return [versionsOf(name), String(own[0]?.steps ?? 0), ...verdicts];
  });
  const titles = columns.map(({ node, kind }) => `Node ${node} ${kind}`);
  return table([["SDK", "calls", ...titles], ...rows]);
};

const reasons = (cells: readonly Cell[]): string[] =>
  unique(cells.flatMap(({ sdk, skipped }) => (skipped === null ? [] : [`- skipped: ${sdk}: ${skipped}`])));

const installTable = (installs: readonly Beside[]): string[] =>
  table([
    ["beside", "`npm install --strict-peer-deps`"],
    ...installs.map(({ name, outcome, reason }) => [name, outcome === "ok" ? "ok" : `${outcome}: ${reason}`]),
  ]);

const checkedTable = (checked: readonly Checked[]): string[] =>
  table([
    ["beside", "checked"],
    ...checked.map(({ name, outcome, problems }) => [name, outcome === "ok" ? "ok" : `${outcome}: ${problems[0]}`]),
  ]);

/** Writes docs/compatibility.md from what was found. */
export const writeCompatibility = (
  cells: readonly Cell[],
  installs: readonly Beside[],
  checked: readonly Checked[],
): void => {
  const alone = installs.find(({ name }) => name === "nothing else");
  const lines = [
    HEAD,
    'Every "ok" holds for `--require leeway/instrumentation` and for `--import leeway/instrumentation`.',
    "",
    ...matrixTable(cells),
    "",
    ...reasons(cells),
    ...UNSEEN,
    "",
    "## Other clients, flags, evaluations, OpenTelemetry",
    "",
    "Of clients that do not call the global `fetch`, or may not, a plain, a packed and a streamed answer, an error and a refused",
    "connection are compared, as above.",
    "Flag SDKs tell `recordFlag` of an evaluation, as docs/instrumentation.md shows it. What other tools' own functions say of",
    "a call arrives as outcomes. An app with OpenTelemetry of its own exports what it exports without us, its trace ids and ours",
    "are the same, and `leewaySpanProcessor` adds to its spans; or `leeway/sdk` starts it.",
    "",
    ...checkedTable(checked),
    "",
    "## Installs",
    "",
    `Leeway alone takes ${alone?.mb.toFixed(1)} MB of \`node_modules\`; it brings no OpenTelemetry package along.`,
    "",
    ...installTable(installs),
  ];
  writeFileSync(FILE, `${lines.join("\n")}\n`);
};
