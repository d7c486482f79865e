import { describe, expect, it } from "vitest";
import { renderMonitors } from "../../../cli/render/monitors.ts";
import type { WatchReading } from "../../../core/monitor.ts";
import { monitorSection } from "../../../status/monitor-section.ts";
import type { MonitorView, SentinelView } from "../../../status/monitor-view.ts";

const NOW = Date.UTC(2026, 10, 20, 15, 0);

const READING: WatchReading = {
  series: "model=<b>",
  signal: "error",
  unit: "share",
  direction: "increase",
  state: "watching",
  expected: 0.03,
  limit: 0.033,
  seen: 0.031,
  n: 12_000,
  logE: 2.34,
  threshold: 16.1,
  drift: null,
};

const DRIFTED: WatchReading = {
  ...READING,
  state: "drifted",
  drift: {
    ...READING,
    since: NOW - 600_000,
    at: NOW,
    expected: 0.03,
    limit: 0.033,
    seen: 0.061,
    interval: null,
    logE: 17,
    designEffect: 1,
    changed: [],
  },
};

const SENTINEL: SentinelView = {
  model: "gpt-4o",
  cron: "* * * * *",
  probes: 20,
  lastRun: NOW - 60_000,
  asked: 20,
  failed: 1,
  spent: { calls: 120, usd: 0.0123 },
  budget: { callsPerDay: 1000, usdPerDay: 1 },
  problem: "",
  readings: [],
};

const view = (parts: Partial<MonitorView> = {}): MonitorView => ({
  name: "support",
  lastSlice: NOW - 45_000,
  readings: [READING],
  ignored: [],
  sentinel: null,
  ...parts,
});

const textOf = (monitor: MonitorView): string => renderMonitors([monitor], NOW).join("\n");
const pageOf = (monitor: MonitorView): string => monitorSection(monitor, NOW).markup;

describe("a monitor is shown", () => {
  it("with what it expects, what it sees and how far it is from an alarm", () => {
    expect(textOf(view())).toMatch(/as before +error increase \(model=<b>\) +3.1% +3% +3.3% +12000 +2.3 of 16.1/);
    expect(textOf(view())).toContain("monitor support: judged up to 45 s ago");
    expect(pageOf(view())).toContain('<section class="good" id="monitor:support">');
    expect(pageOf(view())).toContain("model=&lt;b&gt;");
  });

  it("with a drift, since when", () => {
    expect(textOf(view({ readings: [DRIFTED] }))).toContain("DRIFTED since 2026-11-20 14:50:00 UTC: 6.1%");
    expect(pageOf(view({ readings: [READING, DRIFTED] }))).toMatch(
      /<section class="bad" id="monitor:support">[\s\S]*1 drifted[\s\S]*since 2026-11-20 14:50:00 UTC: 6.1%/,
    );
  });

  it("with what is unknown as unknown, never as good", () => {
    const unknown = { ...READING, state: "learning", expected: null, limit: null, seen: null, logE: null } as const;
    expect(textOf(view({ readings: [unknown] }))).toMatch(/learning: too little past .* – /);
    expect(pageOf(view({ readings: [unknown] }))).toContain('<section class="open" id="monitor:support">');
    expect(pageOf(view({ readings: [], lastSlice: null }))).toContain("judged up to nothing yet");
  });

  it("with its sentinel: what it did, what it spent, why it stopped", () => {
    const line =
      "sentinel: 20 probes to gpt-4o, last run 1 min ago, 20 asked, 1 failed; today 120 of 1000 calls, $0.0123 of $1";
    for (const shown of [textOf(view({ sentinel: SENTINEL })), pageOf(view({ sentinel: SENTINEL }))])
      expect(shown).toContain(line);
    const stopped = { ...SENTINEL, problem: "the day's 1000 calls are spent" };
    expect(textOf(view({ sentinel: stopped }))).toContain("LOOK: sentinel: the day's 1000 calls are spent");
    expect(pageOf(view({ sentinel: stopped }))).toContain("the day&#39;s 1000 calls are spent");
  });

  it("with the series there is no room for", () => {
    expect(textOf(view({ ignored: ["model=a", "model=b"] }))).toContain("no room for 2 more series: model=a; model=b");
  });
});
