import type { Channel } from "../../alerts/channels/channel.ts";
import type { Notice } from "../../core/notice.ts";

/** The channel `people`, which delivers at once and puts what it delivered into `told`. */
export const peopleChannel = (told: Notice[], accepts: Channel["accepts"]): Channel => ({
  name: "people",
  accepts,
  send: async (notice) => {
    told.push(notice);
    return { outcome: "delivered", detail: "" };
  },
});
