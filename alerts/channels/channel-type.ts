import { createHash } from "node:crypto";
import { z } from "zod";
import { type Channel, SELECTABLE_TYPES, type SelectableType } from "./channel.ts";
import type { TextStream } from "./text-stream.ts";

/** What every entry under `alerts:` in leeway.yaml says; each type adds its own keys. */
export interface ChannelConfig {
  readonly type: string;
  /** What the ledger remembers deliveries under. Null = a name made of the type and a digest of the destination. */
  readonly name: string | null;
  /** The notice types it carries. */
  readonly on: readonly SelectableType[];
}

/** What channels need of their surroundings. */
export interface ChannelParts {
  readonly now: () => number;
  /** Where the `stdout` channel prints. */
  readonly stdout: TextStream;
}

/** One type of channel, whole: how its entry is written, where it leads, and how it is made. */
export interface ChannelType<Config extends ChannelConfig = ChannelConfig> {
  readonly type: Config["type"];
  /** Its messages never repeat a secret. */
  readonly schema: z.ZodType<Config>;
  /** What tells two destinations of this type apart; may be a secret, and is only ever kept as a digest. Empty = there is one. */
  destination(config: Config): string;
  /** True where people read it and follow its links, so that those that act may be among them. Left out = false. */
  readonly isRead?: true;
  create(config: Config & { readonly name: string }, parts: ChannelParts): Channel;
}

/** The keys every type's schema begins with. `on` defaults to all types; a test notice goes to every channel. */
export const commonKeys: {
  readonly name: z.ZodType<string | null>;
  readonly on: z.ZodType<readonly SelectableType[]>;
} = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "expected a name of lower-case letters, digits, . _ -")
    .nullable()
    .default(null),
  on: z
    .array(z.enum(SELECTABLE_TYPES))
    .min(1)
    .default([...SELECTABLE_TYPES]),
};

/**
 * The name of a channel that was given none: its place among the others says nothing about where it leads, and would
 * hand what is undelivered to whoever moves up.
 */
export const destinationName = (type: string, destination: string): string =>
  destination === "" ? type : `${type}-${createHash("sha256").update(destination).digest("hex").slice(0, 8)}`;
