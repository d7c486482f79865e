import type { TestAnswer } from "../../alerts/try-channel.ts";
import { readBody } from "./read-body.ts";
import { refuseOtherSite } from "./refuse-request.ts";
import type { Routes } from "./routes.ts";
import { signedBy } from "./signed-by.ts";

/** What the HTTP interface does about channels. */
export interface AlertHandlers {
  /** Sends a test notice through a channel, or all; null where there is no channel of that name. */
  readonly test: (channel: string | null, by: string) => Promise<readonly TestAnswer[] | null>;
  /** Names of all channels. */
  readonly channels: () => readonly string[];
}

const EXPECTED_TEST = 'expected JSON { "by": "…" }, and optionally "channel": the name of one';

/** Adds the routes about channels; `routes` refuses whoever may not ask at all. */
export const addAlertRoutes = (routes: Routes, handlers: AlertHandlers): void => {
  routes.post("/api/v1/test-alert", async (context) => {
    const foreign = refuseOtherSite(context);
    if (foreign !== null) return context.json({ error: foreign.error }, foreign.status);
    const body = await readBody(context);
    const [by, channel] = [signedBy(context, body?.by), body?.channel ?? null];
    if (by === "" || (channel !== null && typeof channel !== "string"))
      return context.json({ error: EXPECTED_TEST }, 400);
    const answers = await handlers.test(channel, by);
    if (answers !== null) return context.json({ schema: "leeway.test-alert/1", answers });
    const known = handlers.channels().join(", ") || "none";
    return context.json({ error: `no channel ${channel}; expected one of: ${known}` }, 404);
  });
};
