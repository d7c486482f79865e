import { describe, expect, it } from "vitest";
import { isRepeat, repeatedNotice } from "../../alerts/incident-notices.ts";
import type { Delivery, Notice } from "../../core/notice.ts";
import { aNotice } from "./a-notice.ts";
import { scripted, startNotifier } from "./start-notifier.ts";

const OK: Delivery = { outcome: "delivered", detail: "ok" };
const BUSY: Delivery = { outcome: "retry", detail: "HTTP 503", retryAfterMs: null };
const NO: Delivery = { outcome: "failed", detail: "HTTP 404" };
const MINUTE = 60_000;
const ORIGINAL = aNotice({ id: "original", at: 0 });
const ORIGIN = { by: "agent", incident: ORIGINAL.incident };

const repeat = (nth: number): Notice =>
  repeatedNotice(ORIGINAL, { nth, at: nth * 10 * MINUTE, since: 0 }, { standing: "rolled-back", everyMs: 10 * MINUTE });
const answer = (phase: "acknowledge" | "resolve", at: number): Notice =>
  aNotice({ id: phase, type: "ack", phase, severity: "info", at: at * MINUTE });

/** A channel that was told the original and is away from then on; repeats come each ten minutes. */
const away = async (repeats: number) => {
  const pager = scripted("pager");
  const world = startNotifier([pager]);
  const { notifier, clock } = world;
  const tell = (notice: Notice): Promise<void> => notifier.notify(notice, ORIGIN);
  const pass = async (minutes: number): Promise<void> => {
    for (let i = 0; i < minutes * 6; i += 1) {
      clock.now += MINUTE / 6;
      await notifier.pump();
    }
  };
  await tell(ORIGINAL);
  await pass(1);
  pager.become(() => BUSY);
  for (let nth = 1; nth <= repeats; nth += 1) {
    await tell(repeat(nth));
    await pass(10);
  }
  const back = async (next: Delivery = OK): Promise<readonly string[]> => {
    pager.become(() => next);
    const before = pager.sent.length;
    await pass(10);
    return pager.sent.slice(before);
  };
  const mutedFor = (): readonly string[] =>
    world.ledger.of("delivery").flatMap(({ delivery }) => (delivery.outcome === "muted" ? [delivery.detail] : []));
  return { ...world, pager, tell, pass, back, mutedFor };
};

describe("repeats for a channel that is away", () => {
  it("are told by the newest when it is back, the others to nobody; meanwhile it counts as late since the first", async () => {
    const { back, notifier, mutedFor } = await away(6);
    expect(notifier.failures()).toMatchObject([{ channel: "pager", since: 1_000_000 + MINUTE }]);
    expect(await back()).toEqual([repeat(6).id]);
    expect(mutedFor()).toEqual(Array(5).fill("overtaken: a newer repeat says it"));
    expect([notifier.pending(), notifier.failures()]).toEqual([[], []]);
  });

  it.each([
    ["acknowledge", "overtaken: somebody was at it meanwhile"],
    ["resolve", "overtaken: the incident was over meanwhile"],
  ] as const)("are not told after what came later (%s), which is", async (phase, why) => {
    const { tell, pass, back, notifier, mutedFor } = await away(3);
    await tell(answer(phase, 35));
    await pass(1);
    expect(notifier.failures()).toMatchObject([{ since: 1_000_000 + MINUTE }]);
    expect(await back()).toEqual([phase]);
    expect(mutedFor()).toEqual(Array(3).fill(why));
    expect(notifier.pending()).toEqual([]);
  });

  it("are told after an acknowledgement of what was before", async () => {
    const { tell, pass, back } = await away(0);
    await tell(answer("acknowledge", 5));
    await tell(repeat(1));
    await pass(1);
    expect((await back()).toSorted()).toEqual(["acknowledge", repeat(1).id].toSorted());
  });

  it("are lost once where the channel is gone for good", async () => {
    const { back, notifier, ledger } = await away(4);
    expect(await back(NO)).toEqual([repeat(4).id]);
    expect(notifier.pending()).toEqual([]);
    expect(ledger.of("delivery").filter(({ delivery }) => delivery.outcome === "failed")).toHaveLength(1);
  });

  it("leave an original that was not told as it is", async () => {
    const pager = scripted("pager", () => BUSY);
    const { notifier, clock } = startNotifier([pager]);
    for (const notice of [ORIGINAL, repeat(1), repeat(2)]) await notifier.notify(notice, ORIGIN);
    await notifier.pump();
    pager.become(() => OK);
    clock.now += MINUTE;
    const before = pager.sent.length;
    for (let i = 0; i < 3; i += 1) await notifier.pump();
    expect(pager.sent.slice(before).toSorted()).toEqual(["original", repeat(2).id].toSorted());
  });

  it("end alike after a restart, in whatever order the ledger is read", async () => {
    const { ledger, pager, clock } = await away(3);
    const next = startNotifier([pager], {}, ledger);
    next.notifier.restore([...ledger.entries()].reverse());
    next.clock.now = clock.now + 10 * MINUTE;
    pager.become(() => OK);
    const before = pager.sent.length;
    for (let i = 0; i < 5; i += 1) await next.notifier.pump();
    expect(pager.sent.slice(before)).toEqual([repeat(3).id]);
    expect(next.notifier.pending()).toEqual([]);
  });
});

describe("a repeat", () => {
  it("is known by its id, which nothing outside an incident has", () => {
    expect([isRepeat(repeat(1)), isRepeat(ORIGINAL), isRepeat({ id: "/repeat/1/1", incident: "" })]).toEqual([
      ...[true, false, false],
    ]);
  });
});
