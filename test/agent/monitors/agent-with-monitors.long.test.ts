import { join } from "node:path";
import { Writable } from "node:stream";
import { afterEach, expect, it } from "vitest";
import { loadConfig } from "../../../agent/config/load-config.ts";
import { type Agent, createAgent } from "../../../agent/create-agent.ts";
import type { MonitorView } from "../../../status/monitor-view.ts";
import type { StatusView } from "../../../status/status-page.ts";
import { jsonReply, type ProviderDouble, startDouble } from "../../doubles/provider-double.ts";
import { aBatch, aSpan } from "../../store/a-span.ts";
import { recordingLog } from "../../store/recording-log.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const open: (Agent | ProviderDouble)[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

const HOUR = 3_600_000;

it("an agent with a monitor and its sentinel judges, asks, and shows both", async () => {
  const provider = await startDouble(() =>
    jsonReply(200, {
      model: "gpt-4o-2024-08-06",
      choices: [{ index: 0, message: { role: "assistant", content: "Hello." }, finish_reason: "stop" }],
      usage: { prompt_tokens: 10, completion_tokens: 2 },
    }),
  );
  open.push(provider);
  const folder = temporaryDirectory({
    "leeway.yaml": `
store: { port: 0 }
collector: { listen: "127.0.0.1:0" }
agent: { listen: "127.0.0.1:0", tick: 1s, settle: 100ms }
monitors:
  - name: shop
    match: { service: shop }
    signals: [error]
    history: 2d
    sentinel: { cron: "* * * * * *", probes: probes.jsonl, url: "${provider.url}/v1/chat/completions", model: gpt-4o }
`,
    "probes.jsonl": '{ "id": "greeting", "prompt": "Say hello." }\n',
  });
  const { log, messages } = recordingLog();
  const stdout = new Writable({ write: (_chunk, _encoding, done) => done() });
  const config = loadConfig(join(folder, "leeway.yaml"), {});
  const agent = await createAgent(config, { now: Date.now, log, stdout, version: "1.2.3" });
  open.push(agent);
  const past = Date.now() - 24 * HOUR;
  const rows = Array.from({ length: 50 }, (_, i) =>
    aSpan({ service: "shop", migration: "", cohort: "", end_ms: past + i * 1000 }),
  );
  await agent.store.insertSpans(aBatch(rows));

  const shown = async (): Promise<MonitorView | undefined> => {
    const answer = await (await fetch(`${agent.url}/api/v1/monitors`)).json();
    return (answer as { readonly monitors: readonly MonitorView[] }).monitors[0];
  };
  await expect.poll(async () => (await shown())?.sentinel?.spent?.calls).toBeGreaterThan(0);
  await expect
    .poll(async () => (await shown())?.readings)
    .toMatchObject([{ signal: "error", state: "learning", expected: null, logE: null }]);
  const [asked] = provider.requests;
  expect(JSON.parse(asked?.body ?? "")).toMatchObject({ messages: [{ content: "Say hello." }], temperature: 0 });

  const status = (await (await fetch(`${agent.url}/api/v1/status`)).json()) as StatusView;
  expect(status.problems).toEqual([]);
  expect(status.monitors).toMatchObject([
    { name: "shop", ignored: [], sentinel: { probes: 1, failed: 0, problem: "" } },
  ]);
  const page = await (await fetch(agent.url)).text();
  expect(page).toContain("<h2>monitor shop</h2>");
  expect(page).toContain("sentinel: 1 probes to gpt-4o");
  const metrics = await (await fetch(`${agent.url}/metrics`)).text();
  expect(metrics).toMatch(/^leeway_monitor_last_minute_seconds\{monitor="shop"\} \d+$/m);
  expect(metrics).toMatch(
    /^leeway_monitor_drifted\{monitor="shop",series="",signal="error",direction="increase"\} 0$/m,
  );
  expect(metrics).toMatch(/^leeway_sentinel_calls_today\{monitor="shop"\} [1-9]\d*$/m);
  expect(messages.filter((message) => message.includes("failed"))).toEqual([]);
});
