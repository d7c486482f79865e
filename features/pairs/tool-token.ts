import { digest } from "../json/digest.ts";

/** Longest name that is told as it is. */
const MAX_CHARS = 64;
const PLAIN = /^[\w.:/-]+$/;

/**
 * How a tool is named outside the app: by its name where the request offered it, else by `#` and a digest, since a name that
 * the model made up is content. So are names of more than 64 characters, or of others than letters, digits and `._:/-`.
 */
export const toolToken = (name: string, offered: readonly string[]): string =>
  offered.includes(name) && name.length <= MAX_CHARS && PLAIN.test(name) ? name : `#${digest(name)}`;
