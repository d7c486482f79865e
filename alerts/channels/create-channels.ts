import { z } from "zod";
import { oneOfTypes } from "../one-of-types.ts";
import { alertmanager } from "./alertmanager.ts";
import type { Channel } from "./channel.ts";
import { type ChannelConfig, type ChannelParts, type ChannelType, destinationName } from "./channel-type.ts";
import { email } from "./email.ts";
import { pagerduty } from "./pagerduty.ts";
import { slack } from "./slack.ts";
import { slackBot } from "./slack-bot.ts";
import { stdout } from "./stdout.ts";
import { teams } from "./teams.ts";
import { webhook } from "./webhook.ts";
import { webhookTemplate } from "./webhook-template.ts";

/** Every type of channel; a new one is a file of this folder and a line here. */
export const CHANNEL_TYPES: readonly ChannelType[] = [
  slack,
  slackBot,
  teams,
  pagerduty,
  alertmanager,
  email,
  webhook,
  webhookTemplate,
  stdout,
];

const typeOf = ({ type }: ChannelConfig, types: readonly ChannelType[]): ChannelType => {
  const found = types.find((each) => each.type === type);
  if (found === undefined) throw new Error(`no channel type ${type}`);
  return found;
};

/** A channel's configuration with its name filled in, and what earlier versions or an entry without a name call it. */
interface NamedChannel {
  readonly config: ChannelConfig & { readonly name: string };
  readonly formerNames: readonly string[];
}

/**
 * Version 0.1 named channels after their place: the second of a type was `slack-2`. What it left undelivered goes where it
 * was meant to go, as long as the entries are in the order they were in.
 */
const placeNames = (configs: readonly ChannelConfig[]): readonly string[] =>
  configs.map(({ type }, i) => {
    const nth = configs.slice(0, i + 1).filter((other) => other.type === type).length;
    return nth === 1 ? type : `${type}-${nth}`;
  });

const nameChannels = (configs: readonly ChannelConfig[], types: readonly ChannelType[]): readonly NamedChannel[] => {
  const places = placeNames(configs);
  return configs.map((config, i) => {
    const own = destinationName(config.type, typeOf(config, types).destination(config));
    const name = config.name ?? own;
    const formerNames = [own, places[i] ?? own].filter((each) => each !== name);
    return { config: { ...config, name }, formerNames };
  });
};

/** Index and text of every entry that has the name of an earlier one. */
const repeated = (
  configs: readonly ChannelConfig[],
  types: readonly ChannelType[],
): readonly { readonly index: number; readonly text: string }[] => {
  const names = nameChannels(configs, types).map(({ config }) => config.name);
  return names.flatMap((name, index) => {
    const first = names.indexOf(name);
    if (first === index) return [];
    const what = configs[index]?.name === null ? "the destination" : `the name ${name}`;
    return [{ index, text: `${what} of alerts[${first}] again; expected another, or a name of its own (name: …)` }];
  });
};

/** Schema of the list `alerts:`. Unknown types are refused with the list of known ones, and a second entry of one name. */
export const channelsSchema = (types: readonly ChannelType[] = CHANNEL_TYPES): z.ZodType<readonly ChannelConfig[]> =>
  z.array(oneOfTypes("channel", types)).superRefine((configs, context) => {
    for (const { index, text } of repeated(configs, types))
      context.addIssue({ code: "custom", path: [index], message: text });
  });

/** What the channels of leeway.yaml are called, in their order. */
export const channelNames = (
  configs: readonly ChannelConfig[],
  types: readonly ChannelType[] = CHANNEL_TYPES,
): readonly string[] => nameChannels(configs, types).map(({ config }) => config.name);

/** Names of the channels that people read, and follow links of. */
export const readChannels = (
  configs: readonly ChannelConfig[],
  types: readonly ChannelType[] = CHANNEL_TYPES,
): readonly string[] =>
  nameChannels(configs, types).flatMap(({ config }) => (typeOf(config, types).isRead === true ? [config.name] : []));

/** The channels of leeway.yaml. */
export const createChannels = (
  configs: readonly ChannelConfig[],
  parts: ChannelParts,
  types: readonly ChannelType[] = CHANNEL_TYPES,
): readonly Channel[] =>
  nameChannels(configs, types).map(({ config, formerNames }) => ({
    ...typeOf(config, types).create(config, parts),
    formerNames,
  }));
