import { z } from "zod";
import type { Delivery } from "../../core/notice.ts";
import { acceptsFor, type Channel } from "./channel.ts";
import { type ChannelConfig, type ChannelType, commonKeys } from "./channel-type.ts";
import { httpPost, type PostResult, toDelivery } from "./http-post.ts";
import { probeAddress } from "./probe-address.ts";
import { teamsMessage } from "./teams-card.ts";
import { urlSchema } from "./url-schema.ts";

/** Configuration of a workflow of Microsoft Teams that posts what its webhook gets. The address is the secret: it is signed. */
export interface TeamsConfig extends ChannelConfig {
  readonly type: "teams";
  readonly url: string;
}

/** The connectors Microsoft has retired: they take nothing any more. */
const isRetired = (url: string): boolean =>
  /(^|\.)(webhook\.office\.com|outlook\.office\.com)$/.test(new URL(url).hostname);

const workflowUrl = urlSchema.refine((url) => URL.parse(url) === null || !isRetired(url), {
  error: "an Office 365 connector, which Microsoft has retired; expected the address of a workflow",
});

/** The workflow's own word for an error (`WorkflowTriggerIsNotEnabled`), and nothing else of its answer. */
const wordOf = (result: PostResult): string =>
  ("text" in result ? /"code"\s*:\s*"([A-Za-z]{2,60})"/.exec(result.text)?.[1] : undefined) ?? "";

const ADVICE: Readonly<Record<number, string>> = {
  400: "is the workflow on, and does it begin with a Teams webhook request?",
  401: "the address is not valid any more: copy it from the workflow anew",
  403: "the address is not valid any more: copy it from the workflow anew",
  404: "the workflow is gone: make one, and copy its address",
};

const reasonOf = (result: PostResult): string => {
  const advice = "status" in result ? (ADVICE[result.status] ?? "") : "";
  return [wordOf(result), advice].filter((each) => each !== "").join("; ");
};

const judge = (result: PostResult, now: number): Delivery => {
  const isTaken = "status" in result && result.status >= 200 && result.status < 300;
  if (!isTaken) return toDelivery(result, reasonOf(result), now);
  // A workflow answers 202 and nothing, or what its author made it answer. A page came from something in between.
  const isPage = result.text.trimStart().startsWith("<");
  if (isPage)
    return { outcome: "retry", detail: `HTTP ${result.status}, but the answer is a web page`, retryAfterMs: null };
  return { outcome: "delivered", detail: `HTTP ${result.status}` };
};

/**
 * Posts notices to Microsoft Teams through a workflow: a card for each. Delivered means that the workflow took it; whether
 * its run posts the card, it does not say. 408, 429 and 5xx are tried again, honouring Retry-After.
 */
export const createTeamsChannel = (
  { name, url, on }: Pick<TeamsConfig, "url" | "on"> & { readonly name: string },
  { now }: { readonly now: () => number },
): Channel => ({
  name,
  accepts: acceptsFor(on),
  send: async (notice, { signal }) => {
    const headers = { "content-type": "application/json" };
    const result = await httpPost({ url, headers, body: JSON.stringify(teamsMessage(notice)), signal });
    return judge(result, now());
  },
  probe: (signal) => probeAddress(url, signal),
});

/** The channel type `teams`. */
export const teams: ChannelType<TeamsConfig> = {
  type: "teams",
  isRead: true,
  schema: z.strictObject({ type: z.literal("teams"), url: workflowUrl, ...commonKeys }),
  destination: ({ url }) => url,
  create: createTeamsChannel,
};
