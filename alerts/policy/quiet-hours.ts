/** The hours in which what can wait waits. Minutes of the day by the clocks of `zone`; `to` may be before `from`: over midnight. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
  /** IANA name, such as Europe/Berlin. */
  readonly zone: string;
}

const DAY = 1_440;
const MINUTE_MS = 60_000;
/** More than any zone's clocks were ever set by at once, minutes. */
const MAX_CHANGE = 180;

const mod = (value: number): number => ((value % DAY) + DAY) % DAY;

/** The minute of the day that the clocks of a zone show. */
const clockOf = (zone: string): ((at: number) => number) => {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return (at) => {
    const parts = format.formatToParts(at);
    const numberOf = (type: "hour" | "minute"): number => Number(parts.find((part) => part.type === type)?.value);
    return numberOf("hour") * 60 + numberOf("minute");
  };
};

/** When the quiet hours that `now` (epoch ms) is in end; null outside them. Clocks that are set meanwhile are reckoned with. */
export const quietUntil = ({ from, to, zone }: QuietHours, now: number): number | null => {
  const minuteAt = clockOf(zone);
  const isQuiet = (at: number): boolean => mod(minuteAt(at) - from) < mod(to - from);
  if (!isQuiet(now)) return null;
  const start = Math.floor(now / MINUTE_MS) * MINUTE_MS;
  const guess = start + mod(to - minuteAt(start)) * MINUTE_MS;
  const beyond = mod(minuteAt(guess) - to + DAY / 2) - DAY / 2;
  let end = Math.max(start, guess - beyond * MINUTE_MS);
  // An end that the clocks leave out is over at the first minute after it.
  for (let i = 0; i < MAX_CHANGE && isQuiet(end); i++) end += MINUTE_MS;
  return end;
};
