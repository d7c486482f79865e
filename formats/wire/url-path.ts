/** True when the path of `url` is, or ends in, `/a/b` for `end` = `/a/b`; one slash at the end is ignored. */
export const pathEndsIn = (url: URL, end: string): boolean =>
  url.pathname.endsWith(end) || url.pathname.endsWith(`${end}/`);

/** The part of the URL's path that `pattern` captures, decoded: a model's name. Empty where there is none. */
export const modelInPath = (url: URL, pattern: RegExp): string => {
  try {
    return decodeURIComponent(pattern.exec(url.pathname)?.[1] ?? "");
  } catch {
    return "";
  }
};
