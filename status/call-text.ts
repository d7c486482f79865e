import type { OpenCall } from "../lifecycle/state.ts";
import { formatAge } from "./format-age.ts";

/** Who is at what people are called for, in one line; empty while they are called for nothing. `now` is epoch ms. */
export const callText = (migration: string, call: OpenCall | null | undefined, now: number): string => {
  if (call == null) return "";
  const { acknowledged } = call;
  return acknowledged === null
    ? `nobody has acknowledged what people were called for ${formatAge(call.at, now)} ago; leeway ack ${migration}`
    : `acknowledged by ${acknowledged.by} ${formatAge(acknowledged.at, now)} ago`;
};
