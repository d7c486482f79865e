import { describe, expect, it } from "vitest";
import { createChannelHealth, NO_CHANNEL } from "../../alerts/channel-health.ts";
import type { LedgerEntry } from "../../core/ledger.ts";
import type { Delivery } from "../../core/notice.ts";

const OK: Delivery = { outcome: "delivered", detail: "ok" };
const BUSY: Delivery = { outcome: "retry", detail: "HTTP 503", retryAfterMs: null };
const GONE: Delivery = { outcome: "failed", detail: "HTTP 404" };
const DROPPED: Delivery = { outcome: "failed", detail: NO_CHANNEL };

const ended = (at: number, delivery: Delivery, channel = "pager"): LedgerEntry => ({
  ...{ id: `delivery:n${at}:${channel}:1`, at, migration: "m", by: "agent", incident: "" },
  event: { type: "delivery", notice: `n${at}`, channel, attempt: 1, delivery },
});
const failuresAfter = (...entries: readonly LedgerEntry[]) => {
  const health = createChannelHealth(["pager", "chat"], (name) => (name === "old-pager" ? "pager" : name));
  health.take(entries);
  return health.failures();
};

describe("a channel", () => {
  it.each<[string, readonly LedgerEntry[], unknown]>([
    ["that was never tried does not fail", [], []],
    ["whose tries are repeated does not fail yet", [ended(1, BUSY)], []],
    ["that refused fails", [ended(1, GONE)], [{ since: 1, lost: 1, notice: "n1", why: "HTTP 404" }]],
    [
      "that goes on refusing fails since the first",
      [ended(1, GONE), ended(2, GONE)],
      [{ since: 1, lost: 2, notice: "n2" }],
    ],
    ["that delivers again does not fail", [ended(1, GONE), ended(2, OK)], []],
    ["that failed before it delivered does not fail, in any order", [ended(2, OK), ended(1, GONE)], []],
    ["fails anew", [ended(1, GONE), ended(2, OK), ended(3, GONE)], [{ since: 3, lost: 1 }]],
    [
      "fails anew, told late that it delivered",
      [ended(3, GONE), ended(1, GONE), ended(2, OK)],
      [{ since: 3, lost: 1 }],
    ],
    ["counts a repeated entry once", [ended(1, GONE), ended(1, GONE)], [{ since: 1, lost: 1 }]],
    ["that was not configured for a while does not fail", [ended(1, DROPPED)], []],
    ["is known by its former name", [ended(1, GONE, "old-pager")], [{ channel: "pager", since: 1 }]],
    ["nobody configured is nobody's business", [ended(1, GONE, "fax")], []],
  ])("%s", (_what, entries, failures) => {
    expect(failuresAfter(...entries)).toMatchObject(failures as object[]);
    expect(failuresAfter(...entries)).toHaveLength((failures as object[]).length);
  });

  it("fails by itself", () => {
    expect(failuresAfter(ended(1, GONE), ended(2, OK, "chat")).map(({ channel }) => channel)).toEqual(["pager"]);
  });
});
