/** Seconds of up to nine digits: 31 years. More is no time anybody means, and a date of that form there is not. */
const SECONDS = /^\s*\d{1,9}\s*$/;

/** What an HTTP `Retry-After` asks for, in ms from `now`: seconds or a date. Null when absent, malformed or past. */
export const retryAfterMs = (header: string | null, now: number): number | null => {
  if (header === null) return null;
  const ms = SECONDS.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return ms > 0 ? ms : null;
};
