import type { Notice } from "../../core/notice.ts";
import type { SlackMessage } from "./slack-message.ts";
import { plainText } from "./slack-text.ts";
import { webLink } from "./web-link.ts";

/**
 * `message` with a button that opens the agent's page, where it is known. Slack tells the app of every click, also on a
 * button that only opens an address, and warns whoever clicked when the app answers nothing: it is for apps that do.
 */
export const pageButton = ({ link, links }: Notice, message: SlackMessage): SlackMessage => {
  const url = webLink(link);
  if (url === "") return message;
  const label = links.find((each) => each.url === link)?.label ?? "Open";
  const button = { type: "button", action_id: "leeway-page", text: plainText(label, 75), url } as const;
  const [last, ...before] = message.blocks.toReversed();
  const actions = { type: "actions", elements: [button] } as const;
  return { ...message, blocks: [...before.reverse(), actions, ...(last === undefined ? [] : [last])] };
};
