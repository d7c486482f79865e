import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Channel } from "../../../alerts/channels/channel.ts";
import type { Delivery } from "../../../core/notice.ts";
import { aNotice, MALICIOUS, NOTICE_TYPES, noticeFullOf } from "../a-notice.ts";

/** What a channel's test gives the contract to work with. */
export interface ChannelUnderTest {
  readonly channel: Channel;
  /** Strings that must never show up in an outcome. */
  readonly secrets: readonly string[];
  /** The other side, put into each situation; the outcome the channel must report. */
  readonly situations: readonly {
    readonly name: string;
    readonly arrange: () => void;
    readonly outcome: Delivery["outcome"];
  }[];
  /** Makes the other side well again. */
  readonly heal: () => void;
  /** Makes the other side take the message and never answer. */
  readonly hang: () => void;
  /** Texts of the messages that arrived and were accepted by a strict receiver. */
  readonly arrived: () => readonly string[];
  readonly close: () => Promise<void>;
}

const live = (): { signal: AbortSignal } => ({ signal: AbortSignal.timeout(5_000) });

/** What every channel has to hold, whatever it talks to. */
export const describeChannelContract = (name: string, start: () => Promise<ChannelUnderTest>): void => {
  describe(`the channel contract: ${name}`, () => {
    let under: ChannelUnderTest;
    beforeAll(async () => {
      under = await start();
    });
    afterAll(() => under.close());

    const send = async (notice = aNotice(), attempt = live()): Promise<Delivery> => {
      const delivery = await under.channel.send(notice, attempt);
      expect(delivery.detail).toMatch(/^[\x20-\x7e]{1,200}$/);
      for (const secret of under.secrets) expect(JSON.stringify(delivery)).not.toContain(secret);
      return delivery;
    };

    it("delivers a notice to a strict receiver, every type of it", async () => {
      for (const type of NOTICE_TYPES) {
        under.heal();
        expect(await send(aNotice({ type, id: `id-${type}` }))).toMatchObject({ outcome: "delivered" });
        expect(under.arrived().at(-1)).toContain("Rolled back support-bot");
      }
    });

    it("always carries test notices", () => {
      expect(under.channel.accepts).toContain("test");
    });

    it("reports each situation as what it is, on one line and without secrets", async () => {
      for (const { name: situation, arrange, outcome } of under.situations) {
        arrange();
        expect({ situation, outcome: (await send()).outcome }).toEqual({ situation, outcome });
        under.heal();
      }
    });

    it("gives up on a hanging receiver when told to, for another try", async () => {
      under.hang();
      const started = performance.now();
      expect(await send(aNotice(), { signal: AbortSignal.timeout(100) })).toMatchObject({ outcome: "retry" });
      expect(performance.now() - started).toBeLessThan(2_000);
      under.heal();
    });

    it("tries again later when it is told to stop before it began", async () => {
      expect(await send(aNotice(), { signal: AbortSignal.abort() })).toMatchObject({ outcome: "retry" });
    });

    it.each(MALICIOUS)("delivers %s", async (_what, text) => {
      under.heal();
      expect(await send(noticeFullOf(text))).toMatchObject({ outcome: "delivered" });
    });

    it("delivers a notice without facts, link and incident", async () => {
      under.heal();
      expect(await send(aNotice({ facts: [], link: "", incident: "" }))).toMatchObject({ outcome: "delivered" });
    });

    it("delivers more facts and longer text than fit", async () => {
      under.heal();
      const facts = Array.from({ length: 100 }, (_, i): [string, string] => [`fact ${i}`, "x".repeat(3000)]);
      const long = aNotice({ facts, summary: "word ".repeat(3000) });
      expect(await send(long)).toMatchObject({ outcome: "delivered" });
    });

    it("is probed without a message to anybody, and ends when it is told to", async () => {
      const { probe } = under.channel;
      if (probe === undefined) return;
      under.heal();
      const before = under.arrived().length;
      const found = await probe(AbortSignal.timeout(5_000));
      expect(found.outcome).not.toBe("failed");
      under.hang();
      const impatient = await probe(AbortSignal.timeout(100));
      under.heal();
      for (const each of [found, impatient, await probe(AbortSignal.abort())]) {
        expect(each.detail).toMatch(/^[\x20-\x7e]{1,200}$/);
        for (const secret of under.secrets) expect(each.detail).not.toContain(secret);
      }
      expect(under.arrived().length).toBe(before);
    });

    it("works again after everything that happened", async () => {
      under.heal();
      expect(await send()).toMatchObject({ outcome: "delivered" });
    });
  });
};
