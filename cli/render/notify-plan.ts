import type { Settings } from "../../agent/config/settings.ts";
import { channelNames } from "../../alerts/channels/create-channels.ts";
import type { NotifyPolicy, NotifyRoute } from "../../alerts/policy/notify-policy.ts";
import { unreached } from "../../alerts/policy/routes.ts";

const matchText = ({ match }: NotifyRoute): string =>
  Object.entries(match)
    .filter(([, list]) => list.length > 0)
    .map(([key, list]) => `${key} ${list.join(" or ")}`)
    .join(", ") || "everything";

const routeLines = ({ routes }: NotifyPolicy): readonly string[] =>
  routes.length === 0
    ? []
    : [
        ...routes.map(
          (route, i) =>
            `  ${i + 1}. ${matchText(route)} -> ${route.channels.join(", ")}${route.continue ? ", and on" : ""}`,
        ),
        "  else -> every channel",
      ];

/** Who is told what, and what no notice gets to. */
export const renderNotifyPlan = ({ alerts, notify }: Pick<Settings, "alerts" | "notify">): readonly string[] => {
  const names = channelNames(alerts);
  const left = unreached(notify, names);
  return [
    `alerts ${names.join(", ") || "none: nobody will be told"}`,
    ...routeLines(notify),
    ...left.channels.map((name) => `LOOK: no route leads to ${name}, and none is left to go to every channel`),
    ...left.routes.map((i) => `LOOK: route ${i + 1} is never reached: one before it takes everything`),
  ];
};
