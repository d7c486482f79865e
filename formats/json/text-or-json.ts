import { jsonText } from "./json-text.ts";

/** A value as text: strings as they are, anything else as JSON; empty for what is not there. Never throws. */
export const textOrJson = (value: unknown): string => (typeof value === "string" ? value : jsonText(value));
