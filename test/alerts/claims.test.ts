import { describe, expect, it } from "vitest";
import { type ClaimLedger, createClaims } from "../../alerts/claims.ts";
import type { Parcel } from "../../alerts/outbox.ts";
import { deliveryId } from "../../lifecycle/ledger-ids.ts";
import { aNotice } from "./a-notice.ts";
import { recordingLedger } from "./recording-ledger.ts";
import { recordingLog } from "./recording-log.ts";

const PARCEL: Parcel = {
  notice: aNotice({ id: "n" }),
  incident: "i",
  channel: "slack",
  since: 0,
  attempts: 0,
  dueAt: 0,
  heldUntil: null,
  lastDetail: "",
};

const start = () => {
  const clock = { now: 1_000_000 };
  const ledger = recordingLedger(() => clock.now);
  const log = recordingLog();
  const agent = (owner: string, claim: ClaimLedger = ledger.claim) =>
    createClaims({ owner, takeoverMs: 15_000, timeoutMs: 30, pauseMs: 10_000 }, { claim, now: () => clock.now, log });
  return { clock, ledger, log, agent };
};

describe("claiming a try", () => {
  it("makes it the first agent's, and leaves the other the time until it may take over", async () => {
    const { agent, clock } = start();
    const [a, b] = [agent("a"), agent("b")];
    expect(await a(PARCEL)).toEqual({ whose: "ours" });
    clock.now += 4_000;
    expect(await b(PARCEL)).toEqual({ whose: "theirs", waitMs: 11_000 });
    expect(await a(PARCEL)).toEqual({ whose: "ours" });
  });

  it("gives it to exactly one of many that claim at once", async () => {
    const { agent } = start();
    const turns = await Promise.all(Array.from({ length: 9 }, (_, i) => agent(`agent-${i}`)(PARCEL)));
    expect(turns.filter(({ whose }) => whose === "ours")).toHaveLength(1);
  });

  it("gives it to exactly one other when its owner fell silent, and again when that one does", async () => {
    const { agent, clock, ledger } = start();
    await agent("dead")(PARCEL);
    for (const round of [2, 3]) {
      clock.now += 15_000;
      const turns = await Promise.all(["b", "c", "d"].map((owner) => agent(`${owner}${round}`)(PARCEL)));
      expect(turns.filter(({ whose }) => whose === "ours")).toHaveLength(1);
    }
    expect(ledger.of("claim").map(({ turn }) => turn)).toEqual([1, 2, 3]);
  });

  it("is over when the try was made, also by an owner that is long silent", async () => {
    const { agent, clock, ledger } = start();
    await agent("a")(PARCEL);
    const delivery = {
      id: deliveryId("n", "slack", 1),
      at: 5,
      migration: PARCEL.notice.migration,
      by: "agent",
      incident: "i",
      event: {
        type: "delivery",
        notice: "n",
        channel: "slack",
        attempt: 1,
        delivery: { outcome: "delivered", detail: "" },
      },
    } as const;
    await ledger.append([delivery]);
    clock.now += 600_000;
    expect(await agent("b")(PARCEL)).toEqual({ whose: "over", entry: delivery });
  });

  it("is a new one for every try, channel and notice", async () => {
    const { agent } = start();
    await agent("a")(PARCEL);
    const others = [
      { ...PARCEL, attempts: 1 },
      { ...PARCEL, channel: "webhook" },
      { ...PARCEL, notice: aNotice({ id: "m" }) },
    ];
    for (const parcel of others) expect(await agent("b")(parcel)).toEqual({ whose: "ours" });
  });

  it("waits where the ledger cannot show the claim yet: another replica may have taken it", async () => {
    const { agent } = start();
    const blind: ClaimLedger = async () => ({ holder: null, ageMs: 0, settled: null });
    expect(await agent("a", blind)(PARCEL)).toEqual({ whose: "theirs", waitMs: 15_000 });
  });
});

describe("a ledger that does not answer", () => {
  it("makes every try ours: people told twice is better than nobody told; it is said once", async () => {
    const { agent, ledger, log } = start();
    const a = agent("a");
    ledger.behave("fail");
    expect([await a(PARCEL), await a(PARCEL)]).toEqual([{ whose: "ours" }, { whose: "ours" }]);
    expect(log.lines).toEqual([expect.stringMatching(/^warn notices are delivered without a claim/)]);
    ledger.behave("store");
    await a(PARCEL);
    expect(ledger.of("claim")).toHaveLength(1);
  });

  it("is waited for once, and asked again after a while", async () => {
    const { agent, ledger, clock } = start();
    const a = agent("a");
    ledger.behave("hang");
    expect(await a(PARCEL)).toEqual({ whose: "ours" });
    ledger.behave("store");
    await a(PARCEL);
    expect(ledger.of("claim")).toEqual([]);
    clock.now += 10_000;
    await a(PARCEL);
    expect(ledger.of("claim")).toHaveLength(1);
  });
});
