import { randomUUID } from "node:crypto";
import type { Context } from "hono";
import { SILENCEABLE_TYPES, type SilenceableType } from "../../core/notice.ts";
import type { SilenceDesk, SilenceRequest, SilenceResult } from "../silence-desk.ts";
import { readBody, textOf } from "./read-body.ts";
import { refuseOtherSite } from "./refuse-request.ts";
import type { Routes } from "./routes.ts";
import { signedBy } from "./signed-by.ts";

/** The longest silence: what is meant for ever belongs into leeway.yaml. */
const MAX_MS = 30 * 86_400_000;
const MAX_CHARS = 500;

const EXPECTED_SILENCE = `expected JSON { "subject": a name or a pattern of names, "forMs": 1000 to ${MAX_MS}, "reason": "…", "by": "…" }, each text at most ${MAX_CHARS} characters, and optionally "types": some of ${SILENCEABLE_TYPES.join(", ")} (a rollback and NOT ROLLED BACK are never silenced), and "id": 4 to 64 of a-z, 0-9, -`;
const EXPECTED_END = 'expected JSON { "by": "…" }, and optionally "reason": "…"';

const isType = (value: unknown): value is SilenceableType => SILENCEABLE_TYPES.some((type) => type === value);

const readRequest = (body: Readonly<Record<string, unknown>> | null, by: string): SilenceRequest | null => {
  if (body === null) return null;
  const [subject, reason] = [textOf(body.subject), textOf(body.reason)];
  const { forMs, types = [], id = randomUUID() } = body;
  if ([subject, reason, by].some((text) => text === "" || text.length > MAX_CHARS)) return null;
  if (typeof forMs !== "number" || !(forMs >= 1_000 && forMs <= MAX_MS)) return null;
  if (!Array.isArray(types) || !types.every(isType)) return null;
  return typeof id === "string" && /^[a-z0-9-]{4,64}$/.test(id) ? { id, subject, types, forMs, by, reason } : null;
};

const answer = (context: Context, result: SilenceResult, id: string): Response =>
  result.outcome === "done"
    ? context.json({ silence: id, until: result.until, problem: result.problem })
    : context.json({ error: result.problem }, 404);

/** Adds the routes about silences; `routes` refuses whoever may not ask at all. */
export const addSilenceRoutes = (routes: Routes, desk: SilenceDesk): void => {
  routes.get("/api/v1/silences", (context) =>
    context.json({ schema: "leeway.silences/1", silences: desk.silences(), muted: desk.muted() }),
  );
  routes.post("/api/v1/silences", async (context) => {
    const foreign = refuseOtherSite(context);
    if (foreign !== null) return context.json({ error: foreign.error }, foreign.status);
    const body = await readBody(context);
    const request = readRequest(body, signedBy(context, body?.by));
    if (request === null) return context.json({ error: EXPECTED_SILENCE }, 400);
    return answer(context, await desk.begin(request), request.id);
  });
  routes.post("/api/v1/silences/:id/end", async (context) => {
    const foreign = refuseOtherSite(context);
    if (foreign !== null) return context.json({ error: foreign.error }, foreign.status);
    const body = await readBody(context);
    const [by, reason] = [signedBy(context, body?.by), textOf(body?.reason) || "no reason given"];
    if (by === "" || by.length > MAX_CHARS || reason.length > MAX_CHARS)
      return context.json({ error: EXPECTED_END }, 400);
    const id = context.req.param("id");
    return answer(context, await desk.end(id, by, reason), id);
  });
};
