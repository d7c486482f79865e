import { z } from "zod";
import type { ChannelConfig } from "../../alerts/channels/channel-type.ts";
import { channelNames } from "../../alerts/channels/create-channels.ts";
import type { NotifyPolicy } from "../../alerts/policy/notify-policy.ts";
import { type Problem, unknownName } from "./problem.ts";
import { duration } from "./units.ts";

/** A text or a list of them, as a list. */
const oneOrMore = <T>(each: z.ZodType<T>): z.ZodType<readonly T[]> =>
  z
    .union([each, z.array(each).min(1)])
    .transform((value): readonly T[] => (Array.isArray(value) ? value : [value as T]));

/** Patterns are short: one that is not takes long to hold against a name. */
const pattern = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => (text.match(/\*+/g) ?? []).length <= 5, "too many *; expected at most 5");

const texts = oneOrMore(pattern).default([]);

const match = z.strictObject({
  migration: texts,
  owner: texts,
  severity: oneOrMore(z.enum(["critical", "warning", "info"])).default([]),
  environment: texts,
});

const HOUR_MS = 3_600_000;

const groupWait = duration.refine((ms) => ms <= HOUR_MS, "expected at most 1h");
const groupInterval = duration.refine((ms) => ms <= 24 * HOUR_MS, "expected at most 24h");

const route = z.strictObject({
  match: match.prefault({}),
  channels: oneOrMore(z.string().min(1)),
  continue: z.boolean().default(false),
  groupWait: groupWait.nullable().default(null),
  groupInterval: groupInterval.nullable().default(null),
});

/** Minutes of the day of `22:30`. */
const timeOfDay: z.ZodType<number> = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day from "00:00" to "23:59"')
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));

const isZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
};

const quietHours = z
  .strictObject({
    from: timeOfDay,
    to: timeOfDay,
    zone: z.string().refine(isZone, "unknown time zone; expected an IANA name such as Europe/Berlin or UTC"),
  })
  .refine(({ from, to }) => from !== to, "begin when they end; expected another time, or quietHours: null");

/** Schema of the section `notify`. */
export const notifySchema: z.ZodType<NotifyPolicy> = z.strictObject({
  environment: z.string().min(1).max(200).nullable().default(null),
  groupWait: groupWait.prefault("0s"),
  groupInterval: groupInterval.prefault("0s"),
  repeatInterval: duration
    .refine((ms) => ms >= 60_000, "expected at least 1m, or null: never")
    .nullable()
    .prefault("4h"),
  quietHours: quietHours.nullable().default(null),
  routes: z.array(route).default([]),
});

/** Routes that lead to a channel nobody declared. */
export const routeProblems = (
  { alerts, notify }: { readonly alerts: readonly ChannelConfig[]; readonly notify: NotifyPolicy },
  file: string,
): readonly Problem[] => {
  const names = channelNames(alerts);
  return notify.routes.flatMap(({ channels }, i) =>
    channels.flatMap((name, k) =>
      names.includes(name)
        ? []
        : [
            {
              file,
              path: `notify.routes[${i}].channels[${k}]`,
              text:
                names.length === 0
                  ? `${JSON.stringify(name)}, but alerts: has no channel; expected one there`
                  : unknownName("channel", name, names),
            },
          ],
    ),
  );
};
