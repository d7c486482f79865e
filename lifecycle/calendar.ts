import type { ClosedTime } from "../core/migration.ts";

const DAY = 1_440;
const MINUTE_MS = 60_000;
/** More than any zone's clocks were ever set by at once, minutes. */
const MAX_CHANGE = 180;
/** What has not opened by then never does, ms: every week is alike. */
const FARTHEST_MS = 15 * DAY * MINUTE_MS;

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;

/** What the clocks and calendars of a zone show. */
interface LocalTime {
  /** 0 = Sunday. */
  readonly day: number;
  /** Minute of the day. */
  readonly minute: number;
}

const mod = (value: number): number => ((value % DAY) + DAY) % DAY;

const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone: zone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  });
  formats.set(zone, format);
  return format;
};

const localTime = (zone: string, at: number): LocalTime => {
  const parts = formatOf(zone).formatToParts(at);
  const partOf = (type: Intl.DateTimeFormatPartTypes): string => parts.find((part) => part.type === type)?.value ?? "";
  return {
    day: WEEKDAYS.findIndex((name) => name.startsWith(partOf("weekday"))),
    minute: Number(partOf("hour")) * 60 + Number(partOf("minute")),
  };
};

/** Minutes until a closed time ends by its own clocks, were they not set meanwhile; 0 where it is open. */
const minutesLeft = (closed: ClosedTime, at: number): number => {
  const { day, minute } = localTime(closed.zone, at);
  if ("days" in closed) return closed.days.includes(day) ? DAY - minute : 0;
  return mod(minute - closed.from) < mod(closed.to - closed.from) ? mod(closed.to - minute) : 0;
};

/**
 * When the times in which nothing advances are over for the first time after `now`, epoch ms to the minute; null where they do not
 * hold now, "never" where they leave no minute open. Hours run by the clocks of their zone, also where these are set. Pure.
 */
export const closedUntil = (times: readonly ClosedTime[], now: number): number | null | "never" => {
  let at = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  while (at < now + FARTHEST_MS) {
    const left = Math.max(0, ...times.map((closed) => minutesLeft(closed, at)));
    if (left === 0) return at <= now ? null : at;
    // Not to its end at once: clocks that are set forward meanwhile bring it nearer.
    at += Math.max(1, left - MAX_CHANGE) * MINUTE_MS;
  }
  return "never";
};

const clockText = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

/** A closed time as a document writes it: `18:00-08:00 Europe/Berlin`. */
export const closedText = (closed: ClosedTime): string => {
  if (!("days" in closed)) return `${clockText(closed.from)}-${clockText(closed.to)} ${closed.zone}`;
  const isWeekend = closed.days.length === 2 && closed.days.includes(0) && closed.days.includes(6);
  return `${isWeekend ? "weekend" : closed.days.map((day) => WEEKDAYS[day]).join(" ")} ${closed.zone}`;
};
