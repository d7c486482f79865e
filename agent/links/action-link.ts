import { createHash, createHmac } from "node:crypto";
import { z } from "zod";
import { isSameSecret } from "../../http/is-authorised.ts";
import type { LinkKey } from "./link-key.ts";

/** The commands that a link of a notice can give. */
export const LINK_COMMANDS = ["advance", "pause", "rollback"] as const;

/** One of them. */
export type LinkCommand = (typeof LINK_COMMANDS)[number];

/** What a link is for. Times are epoch ms. */
export interface ActionLink {
  readonly migration: string;
  readonly command: LinkCommand;
  /** Index of the stage the migration was at when the link was made; an advance is for this stage alone. */
  readonly stage: number;
  /** Which life of the migration: when it began. */
  readonly since: number;
  /** Not good from here on. */
  readonly until: number;
  /** Name of the channel that carries it. */
  readonly channel: string;
  /** Id of the notice that carries it. */
  readonly notice: string;
}

/** A link that was read, and the name its one use goes into the ledger under. */
export interface ReadLink extends ActionLink {
  readonly key: string;
}

const content = z.tuple([
  z.literal(1),
  z.string(),
  z.string(),
  z.enum(LINK_COMMANDS),
  z.int(),
  z.number(),
  z.number(),
  z.string(),
  z.string(),
]);

const digest = (text: string): string => createHash("sha256").update(text).digest("base64url").slice(0, 22);

const mac = (body: string, { secret }: LinkKey): string =>
  createHmac("sha256", Buffer.from(secret, "base64url")).update(`leeway-link/1.${body}`).digest("base64url");

/** The signed text of a link. The same link has the same text on every try, so that it can be used once however often it is sent. */
export const signLink = (link: ActionLink, key: LinkKey): string => {
  const { migration, command, stage, since, until, channel, notice } = link;
  const parts = [1, key.id, migration, command, stage, since, until, channel, digest(notice)];
  const body = Buffer.from(JSON.stringify(parts)).toString("base64url");
  return `${body}.${mac(body, key)}`;
};

/** Longest text that is looked at, characters. */
const MAX_CHARS = 2_000;

const FOREIGN = "this link was not made by this agent, or the key of links was changed since";

/** The link of a text, or why it is none. `now` is epoch ms. */
export const readLink = (text: string, key: LinkKey | null, now: number): ReadLink | string => {
  const [body = "", signature = "", ...more] = text.length > MAX_CHARS ? [] : text.split(".");
  if (key === null || more.length > 0 || !isSameSecret(signature, mac(body, key))) return FOREIGN;
  const read = content.safeParse(JSON.parse(Buffer.from(body, "base64url").toString()));
  if (!read.success) return FOREIGN;
  const [, , migration, command, stage, since, until, channel, notice] = read.data;
  if (now >= until) return "this link has expired; the notice it came with is old";
  return { migration, command, stage, since, until, channel, notice, key: `link:${digest(body)}` };
};
