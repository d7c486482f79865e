import type { ClosedTime } from "../../core/migration.ts";
import { closedUntil } from "../../lifecycle/calendar.ts";
import { type Problem, unknownName } from "./problem.ts";

/** Days that can be named; 0 = Sunday. */
const DAYS: Readonly<Record<string, readonly number[]>> = {
  weekend: [6, 0],
  sunday: [0],
  monday: [1],
  tuesday: [2],
  wednesday: [3],
  thursday: [4],
  friday: [5],
  saturday: [6],
};

const HOURS = /^(\d{2}):(\d{2})-(\d{2}):(\d{2})$/;

const EXPECTED =
  'expected weekend, a day such as friday, or hours such as "18:00-08:00", with a zone such as Europe/Berlin';

const isZone = (zone: string): boolean => {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
};

const zoneProblem = (zone: string): string | null =>
  isZone(zone) ? null : unknownName("time zone", zone, [...Intl.supportedValuesOf("timeZone"), "UTC"]).slice(0, 300);

/** What a time says, without its zone; a text where it says nothing. */
type Times = { readonly days: readonly number[] } | { readonly from: number; readonly to: number };

const minuteOf = (hours: string | undefined, minutes: string | undefined): number =>
  Number(hours) <= 23 && Number(minutes) <= 59 ? Number(hours) * 60 + Number(minutes) : Number.NaN;

const readTimes = (text: string): Times | string => {
  const days = DAYS[text.toLowerCase()];
  if (days !== undefined) return { days };
  const match = HOURS.exec(text);
  if (match === null)
    return /^[a-z]+$/i.test(text)
      ? unknownName("time", text, Object.keys(DAYS))
      : `${JSON.stringify(text)}; ${EXPECTED}`;
  const [from, to] = [minuteOf(match[1], match[2]), minuteOf(match[3], match[4])];
  if (Number.isNaN(from + to)) return `${JSON.stringify(text)}; expected hours from 00:00 to 23:59`;
  return from === to ? `${JSON.stringify(text)}; expected two different times` : { from, to };
};

const split = (text: string): readonly [string, string | null] => {
  const [times = "", zone, ...more] = text.trim().split(/\s+/);
  return [times, zone === undefined ? null : [zone, ...more].join(" ")];
};

/**
 * The times in which nothing advances, or what is wrong with them. A time without a zone goes by the one zone that the others
 * name, and by UTC where none names any.
 */
export const readCalendar = (
  written: readonly string[],
  file: string,
): { readonly closed: readonly ClosedTime[]; readonly problems: readonly Problem[] } => {
  const zones = new Set(written.flatMap((text) => split(text)[1] ?? []));
  const closed: ClosedTime[] = [];
  const problems: Problem[] = [];
  written.forEach((text, i) => {
    const [timesText, ownZone] = split(text);
    const times = readTimes(timesText);
    const unsure =
      ownZone === null && zones.size > 1
        ? `${JSON.stringify(text)} names no zone, and the others name ${zones.size}; expected one of ${[...zones].join(", ")} behind it`
        : null;
    const zone = ownZone ?? [...zones][0] ?? "UTC";
    const problem = typeof times === "string" ? times : (unsure ?? (ownZone === null ? null : zoneProblem(ownZone)));
    if (problem !== null) problems.push({ file, path: `not[${i}]`, text: problem });
    else if (typeof times !== "string") closed.push({ ...times, zone });
  });
  if (problems.length === 0 && closedUntil(closed, 0) === "never")
    problems.push({ file, path: "not", text: "leaves no minute of the week in which a stage may end; expected some" });
  return { closed, problems };
};
