import { z } from "zod";
import type { Delivery, Notice } from "../../core/notice.ts";
import { sectionText } from "../section-text.ts";
import { acceptsFor, type Channel } from "./channel.ts";
import { type ChannelConfig, type ChannelParts, type ChannelType, commonKeys } from "./channel-type.ts";
import { oneLine } from "./one-line.ts";
import type { TextStream } from "./text-stream.ts";

/** Configuration of the channel that prints notices where the agent runs. */
export interface StdoutConfig extends ChannelConfig {
  readonly type: "stdout";
}

/**
 * A notice as a block of text: title, a line per part of the summary, fact and link. Every value stays on its line and without
 * escape sequences, so that production text can neither fake a second notice nor drive the terminal.
 */
export const noticeText = (notice: Notice): string => {
  const rows = [...notice.facts, ...notice.links.map(({ label, url }) => [label, url] as const)];
  const width = Math.max(0, ...rows.map(([label]) => oneLine(label).length));
  const lines = [
    `[${notice.type}] ${oneLine(notice.title)}`,
    ...notice.sections.map((section) => `  ${oneLine(sectionText(section))}`),
    ...rows.map(([label, value]) => `  ${oneLine(label).padEnd(width)}  ${oneLine(value)}`),
  ];
  return `${lines.join("\n")}\n\n`;
};

const BLOCKED: Delivery = { outcome: "retry", detail: "the stream is blocked", retryAfterMs: null };

const failureOf = (error: Error): Delivery =>
  "code" in error && error.code === "EAGAIN" ? BLOCKED : { outcome: "failed", detail: "the stream is closed" };

const writeTo = (stream: TextStream, text: string, signal: AbortSignal): Promise<Delivery> =>
  new Promise((resolve) => {
    const giveUp = (): void => resolve(BLOCKED);
    if (signal.aborted) return giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    stream.write(text, (error) => {
      signal.removeEventListener("abort", giveUp);
      resolve(error ? failureOf(error) : { outcome: "delivered", detail: "written" });
    });
  });

/**
 * Prints notices on a stream. A blocked stream is tried again (the text may then appear twice), a closed one is
 * final.
 */
export const createStdoutChannel = (
  { name, on }: Pick<StdoutConfig, "on"> & { readonly name: string },
  { stdout: stream }: Pick<ChannelParts, "stdout">,
): Channel => ({
  name,
  accepts: acceptsFor(on),
  send: (notice, { signal }) => writeTo(stream, noticeText(notice), signal),
  probe: async () => ({ outcome: "ready", detail: "notices are printed where the agent runs" }),
});

/** The channel type `stdout`. */
export const stdout: ChannelType<StdoutConfig> = {
  type: "stdout",
  schema: z.strictObject({ type: z.literal("stdout"), ...commonKeys }),
  destination: () => "",
  create: createStdoutChannel,
};
