import { subscribe } from "node:diagnostics_channel";
import type { FailOpen } from "./fail-open.ts";
import { shield } from "./shield.ts";

/** Hears what is published on one of Node's channels; an error of ours reaches neither the publisher nor the app. */
export const hear = (channel: string, { guard }: Pick<FailOpen, "guard">, heard: (message: unknown) => void): void =>
  subscribe(
    channel,
    shield((message) => guard(heard, message), undefined),
  );
