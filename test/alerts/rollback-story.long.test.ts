import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { channelsSchema, createChannels } from "../../alerts/channels/create-channels.ts";
import { createBuiltinTarget } from "../../alerts/flags/builtin.ts";
import { handleOfrep } from "../../alerts/flags/ofrep.ts";
import { createLedgerWriter } from "../../alerts/ledger-writer.ts";
import { createNotifier, type Notifier } from "../../alerts/notifier.ts";
import { reconcile } from "../../alerts/reconcile.ts";
import { startSlackReceiver, startWebhookReceiver } from "../../demo/receivers.ts";
import { aNotice } from "./a-notice.ts";
import { recordingLedger } from "./recording-ledger.ts";
import { recordingLog } from "./recording-log.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const SECRET = `whsec_${Buffer.from("thirty-two bytes of secret text!").toString("base64")}`;
const ORIGIN = { by: "agent", incident: "incident-1" };
const pumpAndCount = (notifier: Notifier, count: () => number): number => {
  void notifier.pump();
  return count();
};
const open: { readonly close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((receiver) => receiver.close()));
});

const start = async () => {
  const webhook = await startWebhookReceiver({ secret: SECRET });
  const slack = await startSlackReceiver({ rateLimit: true });
  open.push(webhook, slack);
  const ledger = recordingLedger(Date.now);
  const log = recordingLog();
  const configs = channelsSchema().parse([
    { type: "slack", url: slack.url, name: "slack" },
    { type: "webhook", url: webhook.url, secret: SECRET, name: "webhook" },
  ]);
  const channels = createChannels(configs, { now: Date.now, stdout: { write: (_text, done) => done() } });
  const create = () =>
    createNotifier(
      { channels, owner: randomUUID(), retry: { firstMs: 40 }, tryTimeoutMs: 2_000, takeoverMs: 0 },
      {
        ledger: createLedgerWriter({}, { appendLedger: ledger.append, log }),
        claim: ledger.claim,
        now: Date.now,
        log,
      },
    );
  return { webhook, slack, ledger, log, create };
};

/** Pumps as a schedule would, until nothing is left. */
const drainOutbox = async (notifier: Notifier): Promise<void> => {
  const left = (): number => notifier.pending().length;
  await expect.poll(() => pumpAndCount(notifier, left), { interval: 20 }).toBe(0);
};

describe("a rollback with receivers that misbehave", () => {
  it("moves the traffic at once and tells everybody once, whatever the receivers do", async () => {
    const { webhook, slack, ledger, log, create } = await start();
    const target = createBuiltinTarget({ file: join(temporaryDirectory(), "flags.json") }, { log });
    const flag = target.bind({ flag: "model", target: "builtin" }, { baseline: "old", canary: "new" });
    await target.setShare("model", 1, null);
    const notifier = create();
    webhook.behave("hang");
    slack.behave("reset");
    await notifier.notify(aNotice({ id: "n-0", type: "page" }), ORIGIN);
    void notifier.pump();

    const started = performance.now();
    const result = await reconcile(
      {
        migration: "m",
        incident: "i",
        action: "i/off",
        by: "agent",
        share: 0,
        latched: true,
        lastSet: { share: 1 },
      },
      { flag, now: Date.now, ledger: createLedgerWriter({}, { appendLedger: ledger.append, log }) },
    );
    expect(performance.now() - started).toBeLessThan(1_500);
    expect(result).toMatchObject({ outcome: "flipped", result: { outcome: "confirmed" } });
    const answer = handleOfrep(
      { key: "model", body: { context: { targetingKey: "u" } }, ifNoneMatch: null },
      target.served(),
    );
    expect(answer.body).toMatchObject({ variant: "baseline", value: "old" });

    for (const id of ["n-1", "n-2"]) await notifier.notify(aNotice({ id }), ORIGIN);
    await expect.poll(() => pumpAndCount(notifier, webhook.requests)).toBeGreaterThan(0);
    webhook.behave({ status: 503, body: "", headers: { "retry-after": "1" } });
    slack.behave("lie");
    await expect.poll(() => pumpAndCount(notifier, webhook.requests)).toBeGreaterThan(1);
    webhook.behave("accept");
    slack.behave("accept");
    await drainOutbox(notifier);

    expect(
      webhook
        .received()
        .map((message) => message.id)
        .sort(),
    ).toEqual(["n-0", "n-1", "n-2"]);
    expect(slack.received()).toHaveLength(3);
    expect(webhook.refused()).toEqual([]);
    const delivered = ledger.of("delivery").filter((event) => event.delivery.outcome === "delivered");
    expect(delivered.map((event) => `${event.channel} ${event.notice}`).sort()).toEqual([
      "slack n-0",
      "slack n-1",
      "slack n-2",
      "webhook n-0",
      "webhook n-1",
      "webhook n-2",
    ]);
    const record = JSON.stringify([ledger.entries(), log.lines]);
    for (const secret of [SECRET, slack.url, "demo-slack-secret", "guest network"])
      expect(record).not.toContain(secret);
  });

  it("survives the agent's death between the intent and the delivery: the next one delivers, once", async () => {
    const { webhook, slack, ledger, create } = await start();
    webhook.behave({ status: 500, body: "" });
    const first = create();
    await first.notify(aNotice({ id: "n-1" }), ORIGIN);
    await first.pump();
    expect(slack.received()).toHaveLength(1);

    webhook.behave("accept");
    const second = create();
    second.restore(ledger.entries());
    await second.notify(aNotice({ id: "n-1" }), ORIGIN);
    await drainOutbox(second);
    expect(webhook.received().map((message) => message.id)).toEqual(["n-1"]);
    expect(slack.received()).toHaveLength(1);
  });
});
