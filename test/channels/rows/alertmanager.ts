import { createAlertmanagerChannel } from "../../../alerts/channels/alertmanager.ts";
import { aNotice } from "../../alerts/a-notice.ts";
import { startAlertmanagerDouble } from "../../doubles/channels/alertmanager-double.ts";
import type { ChannelRow } from "../channel-row.ts";
import { eventually, need } from "../situations.ts";
import { type RunningAlertmanager, type SeenAlert, startAlertmanager } from "../start-alertmanager.ts";

const channelAt = (url: string) =>
  createAlertmanagerChannel(
    { name: "am", url, token: null, labels: { team: "support" }, endsAfterMinutes: 10, on: ["rollback"] },
    { now: Date.now },
  );

const live = () => ({ signal: AbortSignal.timeout(10_000) });

const sees = async (real: RunningAlertmanager, incident: string, isSo: (alert: SeenAlert) => boolean, what: string) => {
  const found = async () => (await real.alerts()).filter(({ labels }) => labels.incident === incident);
  need(await eventually(async () => (await found()).some(isSo)), `${what}: ${JSON.stringify(await found())}`);
};

/** What Alertmanager does by itself with our alerts. */
const ownWays = (real: RunningAlertmanager) => {
  const channel = channelAt(real.url);
  const fire = (changes: Parameters<typeof aNotice>[0]) =>
    channel.send(aNotice({ at: Date.now(), ...changes }), live());
  return {
    "a silence of its own holds our alert": async () => {
      await real.silence("migration", "silent-bot");
      await fire({ incident: "silent", migration: "silent-bot" });
      await sees(real, "silent", ({ status }) => status.silencedBy.length > 0, "not silenced");
    },
    "a rollback inhibits the pauses of its migration, and no other's": async () => {
      await fire({ incident: "inhibiting", migration: "inhibited-bot" });
      await fire({ incident: "inhibited", migration: "inhibited-bot", type: "pause", severity: "warning" });
      await fire({ incident: "free", migration: "free-bot", type: "pause", severity: "warning" });
      await sees(real, "inhibited", ({ status }) => status.inhibitedBy.length > 0, "not inhibited");
      await sees(real, "free", ({ status }) => status.state === "active", "not active");
    },
    "an incident that is told again stays one alert, and ends later": async () => {
      const notice = aNotice({ at: Date.now(), incident: "again" });
      await channel.send(notice, live());
      const before = (await real.alerts()).filter(({ labels }) => labels.incident === "again");
      await channel.keepAlive?.send([notice], live().signal);
      const after = (await real.alerts()).filter(({ labels }) => labels.incident === "again");
      need(before.length === 1 && after.length === 1, `${before.length} and ${after.length} alerts`);
      need((after[0]?.endsAt ?? "") > (before[0]?.endsAt ?? ""), "it ends no later");
    },
  };
};

/** Debian's Alertmanager. */
export const alertmanagerReal: ChannelRow = {
  channel: "alertmanager",
  against: "Debian's",
  start: async () => {
    const real = await startAlertmanager();
    return {
      channel: channelAt(real.url),
      seen: async () => JSON.stringify(await real.alerts()),
      state: async () =>
        (await real.alerts()).some(({ labels }) => labels.incident === "incident-1") ? "open" : "resolved",
      heal: () => {},
      refused: () => [],
      more: ownWays(real),
      close: real.close,
    };
  },
};

/** Its double, which can be told to misbehave. */
export const alertmanagerDouble: ChannelRow = {
  channel: "alertmanager",
  against: "double",
  start: async () => {
    const double = await startAlertmanagerDouble();
    return {
      channel: channelAt(double.url),
      seen: async () => JSON.stringify(double.posted()),
      state: async () => (double.firing().some(({ labels }) => labels.incident === "incident-1") ? "open" : "resolved"),
      limit: { waitMs: 7_000, begin: () => double.behave(() => ({ status: 429, headers: { "retry-after": "7" } })) },
      hang: () => double.behave("hang"),
      heal: () => double.behave("work"),
      refused: double.refused,
      close: double.close,
    };
  },
};
