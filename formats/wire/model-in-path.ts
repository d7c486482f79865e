/** The part of the URL's path that `pattern` captures, decoded: a model's name. Empty where there is none. */
export const modelInPath = (url: URL, pattern: RegExp): string => {
  try {
    return decodeURIComponent(pattern.exec(url.pathname)?.[1] ?? "");
  } catch {
    return "";
  }
};
