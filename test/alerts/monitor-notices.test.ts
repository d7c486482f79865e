import { describe, expect, it } from "vitest";
import { monitorNotice } from "../../alerts/monitor-notices.ts";
import type { Drift, MonitorEvent } from "../../core/monitor.ts";

const SINCE = Date.UTC(2026, 10, 20, 14, 5);

const DRIFT: Drift = {
  series: "model=gpt-4o",
  signal: "error",
  unit: "share",
  direction: "increase",
  since: SINCE,
  at: SINCE + 600_000,
  expected: 0.03,
  limit: 0.033,
  seen: 0.061,
  interval: { lower: 0.05, upper: 0.07 },
  n: 2400,
  logE: 17.2,
  threshold: 16.1,
  designEffect: 1,
  changed: [],
};

const CHANGE = { identity: "response_model", before: "m-1", after: "m-2", since: SINCE } as const;

const noticeOf = (event: MonitorEvent) => monitorNotice({ monitor: "support", type: "page", link: "http://x/" }, event);

describe("the notice of a drift", () => {
  it("says since when, what was seen and expected, on how many calls, and that nothing was rolled back", () => {
    const notice = noticeOf({ kind: "drift", drift: DRIFT });
    expect(notice).toMatchObject({
      type: "page",
      migration: "monitor:support",
      at: DRIFT.at,
      link: "http://x/#monitor%3Asupport",
    });
    expect(notice.title).toBe("support: error (model=gpt-4o) up since 2026-11-20 14:05 UTC: 6.1%, 3% expected");
    expect(notice.summary).toContain("is 6.1% in 2,400 calls since 2026-11-20 14:05 UTC, 99% interval 5% to 7%");
    expect(notice.summary).toContain("up to 3.3% is no change");
    expect(notice.summary).toContain("Response model, fingerprint and prompt version did not change.");
    expect(notice.summary).toContain("rolls nothing back");
    expect(notice.facts).toContainEqual(["Since", "2026-11-20 14:05 UTC"]);
  });

  it("names the model that changed, and does not blame it when only the prompt did", () => {
    const model = noticeOf({ kind: "drift", drift: { ...DRIFT, changed: [CHANGE] } });
    expect(model.summary).toContain("response model m-1 became m-2 at 2026-11-20 14:05 UTC.");
    expect(model.summary).not.toContain("your own");
    const prompt = { ...CHANGE, identity: "prompt_version", before: "41", after: "42" } as const;
    const own = noticeOf({ kind: "drift", drift: { ...DRIFT, changed: [prompt] } });
    expect(own.summary).toContain("prompt version 41 became 42");
    expect(own.summary).toContain("That is a change of your own.");
  });
});

it.each([
  [{ kind: "further", drift: { ...DRIFT, seen: 0.3 } }, "error (model=gpt-4o) further up since"],
  [{ kind: "recovered", drift: DRIFT, at: SINCE + 900_000, value: 0.029 }, "is back: 2.9%, 3% expected"],
  [{ kind: "adopted", drift: DRIFT, at: SINCE + 900_000 }, "6.1% is the new normal, 3% was"],
  [{ kind: "model-changed", series: "", change: CHANGE, at: SINCE }, "another response model answers: m-2, m-1 before"],
] as const)("%o has a title of its own", (event, title) => {
  expect(noticeOf(event as MonitorEvent).title).toContain(title);
});

it("has the same id for the same event, and one incident from the drift to its end", () => {
  const drift = noticeOf({ kind: "drift", drift: DRIFT });
  expect(noticeOf({ kind: "drift", drift: { ...DRIFT } }).id).toBe(drift.id);
  const end = noticeOf({ kind: "recovered", drift: DRIFT, at: SINCE + 900_000, value: 0.03 });
  expect(end.incident).toBe(drift.incident);
  expect(end.id).not.toBe(drift.id);
  expect(noticeOf({ kind: "drift", drift: { ...DRIFT, series: "model=o3" } }).id).not.toBe(drift.id);
});

it("keeps names from production short", () => {
  const notice = noticeOf({ kind: "drift", drift: { ...DRIFT, series: `model=${"x".repeat(5000)}` } });
  expect(notice.title.length).toBeLessThanOrEqual(150);
  expect(notice.id.length).toBeLessThan(200);
});

describe("a drift that is told in another one's incident", () => {
  const opener = { series: "", signal: "output_tokens", direction: "drop", since: SINCE - 600_000 } as const;
  const told = { incident: opener, phase: "update" } as const;

  it("opens none, says why, and has an id of its own", () => {
    const notice = noticeOf({ kind: "drift", drift: DRIFT, told });
    const alone = noticeOf({ kind: "drift", drift: DRIFT });
    expect(notice.phase).toBe("update");
    expect(notice.incident).toContain("output_tokens/drop");
    expect(notice.id).toBe(alone.id);
    expect(notice.summary).toContain("pages once an hour at most");
    expect(alone.phase).toBe("open");
  });

  it("ends where it was told", () => {
    const ended = noticeOf({ kind: "recovered", drift: DRIFT, at: SINCE, value: 0.03, told });
    expect(ended).toMatchObject({
      phase: "update",
      incident: noticeOf({ kind: "drift", drift: DRIFT, told }).incident,
    });
  });
});
