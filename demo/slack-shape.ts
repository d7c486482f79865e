import { z } from "zod";

/** A Slack message as the incoming webhook takes it; blocks are checked and otherwise left as they came. */
export interface SlackPayload {
  readonly text: string;
  readonly blocks?: readonly { readonly type: string }[] | undefined;
  readonly unfurl_links?: boolean | undefined;
}

const plainText = (limit: number) =>
  z.strictObject({ type: z.literal("plain_text"), text: z.string().min(1).max(limit), emoji: z.boolean().optional() });
const markdown = (limit: number) =>
  z.strictObject({ type: z.literal("mrkdwn"), text: z.string().min(1).max(limit), verbatim: z.boolean().optional() });
const text = (limit: number) => z.discriminatedUnion("type", [plainText(limit), markdown(limit)]);

const blockId = z.string().min(1).max(255).optional();
const header = z.strictObject({ type: z.literal("header"), block_id: blockId, text: plainText(150) });
const divider = z.strictObject({ type: z.literal("divider"), block_id: blockId });
const context = z.strictObject({
  type: z.literal("context"),
  block_id: blockId,
  elements: z.array(text(2000)).min(1).max(10),
});
const section = z
  .strictObject({
    type: z.literal("section"),
    block_id: blockId,
    text: text(3000).optional(),
    fields: z.array(text(2000)).min(1).max(10).optional(),
  })
  .refine((block) => block.text !== undefined || block.fields !== undefined, {
    error: "section without text or fields",
  });

/** Buttons that open an address, and no other ones: notices have nothing to press. */
const actions = z.strictObject({
  type: z.literal("actions"),
  block_id: blockId,
  elements: z
    .array(
      z.strictObject({
        type: z.literal("button"),
        action_id: z.string().min(1).max(255),
        text: plainText(75),
        url: z.url({ protocol: /^https?$/ }).max(3000),
      }),
    )
    .min(1)
    .max(25),
});

/**
 * The part of Slack's message format that notices use, with Slack's limits and nothing beside it. A block, a key or a
 * length Slack would refuse is refused here too.
 */
export const slackPayload: z.ZodType<SlackPayload> = z.strictObject({
  text: z.string().min(1).max(40_000),
  blocks: z
    .array(z.discriminatedUnion("type", [header, section, context, divider, actions]))
    .min(1)
    .max(50)
    .optional(),
  unfurl_links: z.boolean().optional(),
});
