import type { z } from "zod";
import { unreachable } from "../../core/exhaustive.ts";
import { oneOfTypes } from "../one-of-types.ts";
import type { Channel } from "./channel.ts";
import { createSlackChannel, type SlackConfig, slackConfig } from "./slack.ts";
import { createStdoutChannel, type StdoutConfig, stdoutConfig, type TextStream } from "./stdout.ts";
import { createWebhookChannel, type WebhookConfig, webhookConfig } from "./webhook.ts";

/** Configuration of one channel: an entry under `alerts:` in leeway.yaml. One member per file of this folder. */
export type ChannelConfig = SlackConfig | StdoutConfig | WebhookConfig;

const SCHEMAS: Readonly<Record<ChannelConfig["type"], z.ZodType<ChannelConfig>>> = {
  slack: slackConfig,
  webhook: webhookConfig,
  stdout: stdoutConfig,
};

/** Schema of an entry under `alerts:`. An unknown type is refused with the list of known ones. */
export const channelConfig: z.ZodType<ChannelConfig> = oneOfTypes("channel", SCHEMAS);

/** What the channels need of their surroundings. */
export interface ChannelCollaborators {
  readonly now: () => number;
  /** Where the `stdout` channel prints. */
  readonly stdout: TextStream;
}

const createChannel = (name: string, config: ChannelConfig, { now, stdout }: ChannelCollaborators): Channel => {
  switch (config.type) {
    case "slack":
      return createSlackChannel({ ...config, name }, { now });
    case "webhook":
      return createWebhookChannel({ ...config, name }, { now });
    case "stdout":
      return createStdoutChannel({ ...config, name }, { stream: stdout });
    default:
      return unreachable(config);
  }
};

/**
 * The channels of leeway.yaml. Each is named after its type, the second of a type `slack-2`, and so on in the order
 * of the file.
 */
export const createChannels = (
  configs: readonly ChannelConfig[],
  collaborators: ChannelCollaborators,
): readonly Channel[] => {
  const seen = new Map<string, number>();
  return configs.map((config) => {
    const nth = (seen.get(config.type) ?? 0) + 1;
    seen.set(config.type, nth);
    return createChannel(nth === 1 ? config.type : `${config.type}-${nth}`, config, collaborators);
  });
};
