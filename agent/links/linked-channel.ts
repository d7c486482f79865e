import type { Channel } from "../../alerts/channels/channel.ts";
import type { LinkDesk } from "./link-desk.ts";

/**
 * The channel, whose notices carry links that act. They are made when a notice is sent and stand in no ledger: whoever may read
 * the store could act by them.
 */
export const linkedChannel = (channel: Channel, linksFor: LinkDesk["linksFor"]): Channel => ({
  ...channel,
  send: async (notice, attempt) => {
    const more = await linksFor(notice, channel.name);
    return channel.send(more.length === 0 ? notice : { ...notice, links: [...notice.links, ...more] }, attempt);
  },
});
