import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { DEFAULT_COLLECTOR_SETTINGS } from "../../../collector/collector-settings.ts";
import { createCollector } from "../../../collector/create-collector.ts";
import { unstored } from "../../../test/collector/unstored.ts";

// A real collector in a process of its own, with a store that takes everything at once, which says how much memory it
// had at most and how long its event loop was held at most since it was last asked.

const dir = mkdtempSync(join(tmpdir(), "leeway-decode-"));
const delay = monitorEventLoopDelay({ resolution: 1 });

const collector = await createCollector(
  { ...DEFAULT_COLLECTOR_SETTINGS, listen: { host: "127.0.0.1", port: 0 }, spool: { dir, maxBytes: 8 * 1024 ** 3 } },
  unstored({
    info: () => undefined,
    warn: () => undefined,
    error: (message) => void process.stderr.write(`${message}\n`),
  }),
);

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e3;
};

let [peak, busyMs, lastMs] = [0, 0, cpuMs()];
let ticks = 0;
setInterval(() => {
  ticks += 1;
  if (ticks % 10 === 0) peak = Math.max(peak, process.memoryUsage.rss());
  busyMs = Math.max(busyMs, cpuMs() - lastMs);
  lastMs = cpuMs();
}, 1).unref();

const read = () => {
  const { user, system } = process.cpuUsage();
  const rss = process.memoryUsage.rss();
  const said = { rss, peak: Math.max(peak, rss), blockMs: delay.max / 1e6, busyMs, cpuUs: user + system };
  [peak, busyMs] = [0, 0];
  delay.reset();
  return said;
};

process.on("message", () => process.send?.({ ...read(), rows: collector.stats().rows }));
process.on("disconnect", async () => {
  await collector.close();
  rmSync(dir, { recursive: true, force: true });
  process.exit(0);
});
delay.enable();
process.send?.({ url: collector.url });
