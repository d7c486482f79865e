import type { Channel, ChannelProbe } from "../../alerts/channels/channel.ts";
import { probeAddress } from "../../alerts/channels/probe-address.ts";
import { withinOrAbort } from "../../async/within-or-abort.ts";
import type { LiveLine, LiveState } from "./live-line.ts";

const PATIENCE_MS = 10_000;

const STATE: Readonly<Record<ChannelProbe["outcome"], LiveState>> = {
  ready: "ok",
  unknown: "unknown",
  failed: "wrong",
};

const NO_PROBE: ChannelProbe = { outcome: "unknown", detail: "nothing can be known without a notice" };

const probe = async (channel: Channel, ms: number): Promise<ChannelProbe> => {
  const late: ChannelProbe = { outcome: "failed", detail: `no answer within ${ms} ms; check that its service is up` };
  try {
    return await withinOrAbort(ms, async (signal) => (await channel.probe?.(signal)) ?? NO_PROBE, late);
  } catch {
    // A channel that throws has a bug, and its message may hold anything.
    return { outcome: "failed", detail: "the channel failed unexpectedly" };
  }
};

/**
 * What is known of the heartbeat without one: a sign of life that a check gives would say that the agent judges. Never
 * rejects.
 */
export const checkHeartbeat = async (
  heartbeat: { readonly url: string } | null,
  ms: number = PATIENCE_MS,
): Promise<LiveLine> => {
  if (heartbeat === null)
    return { place: "heartbeat", state: "unused", text: "there is none: nobody is told when the agent is down" };
  const { outcome, detail } = await probeAddress(heartbeat.url, AbortSignal.timeout(ms));
  const more = outcome === "failed" ? "" : "; whether it is taken, leeway status says once the agent runs";
  return { place: "heartbeat", state: STATE[outcome], text: `${detail}${more}` };
};

const lineOf = (channel: Channel, { outcome, detail }: ChannelProbe): LiveLine => {
  const more = outcome === "unknown" ? `; leeway test-alert ${channel.name} tells the rest` : "";
  return { place: `alerts, ${channel.name}`, state: STATE[outcome], text: `${detail}${more}` };
};

/**
 * What is known of every channel without disturbing anybody: a line each, all at once, none for longer than `ms` (default
 * 10 s). Never rejects.
 */
export const checkChannels = async (
  channels: readonly Channel[],
  ms: number = PATIENCE_MS,
): Promise<readonly LiveLine[]> =>
  channels.length === 0
    ? [{ place: "alerts", state: "unused", text: "there is no channel: nobody will be told anything" }]
    : Promise.all(channels.map(async (channel) => lineOf(channel, await probe(channel, ms))));
