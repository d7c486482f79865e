const LONGEST = 2_000;

/** A notice's link as a plain http(s) address in its URL form; empty for anything else and for one that is too long. */
export const webLink = (link: string): string => {
  const url = URL.parse(link);
  if (url === null || !/^https?:$/.test(url.protocol)) return "";
  return url.href.length <= LONGEST ? url.href : "";
};
