import { unreachable } from "../../core/exhaustive.ts";
import type { DrillView } from "../../status/drill-view.ts";
import type { DrillAnswer, DrillOrder } from "../drill-plan.ts";
import { notDeclared } from "../not-declared.ts";
import { readBody, textOf } from "./read-body.ts";
import { refuseOtherSite } from "./refuse-request.ts";
import type { Routes } from "./routes.ts";
import { signedBy } from "./signed-by.ts";

/** What the HTTP interface does about drills. */
export interface DrillHandlers {
  readonly begin: (migration: string, order: DrillOrder) => Promise<DrillAnswer>;
  /** The newest drill, null = none yet; undefined for a migration nobody declared. */
  readonly newest: (migration: string) => DrillView | null | undefined;
}

const MAX_CHARS = 500;
const MAX_KEY_CHARS = 200;

const EXPECTED_DRILL = `expected JSON { "by": "…" }, and optionally "reason": "…", each at most ${MAX_CHARS} characters, "dry": true to write nothing, and "key": a text that names this request`;

const readOrder = (body: Readonly<Record<string, unknown>> | null, by: string): DrillOrder | null => {
  if (body === null) return null;
  const { dry = false, key } = body;
  const reason = body.reason === undefined ? "drill" : textOf(body.reason);
  if ([by, reason].some((text) => text === "" || text.length > MAX_CHARS) || typeof dry !== "boolean") return null;
  if (key === undefined || key === null) return { by, reason, isDry: dry };
  return typeof key === "string" && key !== "" && key.length <= MAX_KEY_CHARS ? { by, reason, isDry: dry, key } : null;
};

/** Adds the routes about drills; `routes` refuses whoever may not ask at all. */
export const addDrillRoutes = (routes: Routes, drills: DrillHandlers): void => {
  routes.get("/api/v1/migrations/:name/drill", (context) => {
    const migration = context.req.param("name");
    const drill = drills.newest(migration);
    return drill === undefined
      ? context.json({ error: notDeclared(migration) }, 404)
      : context.json({ schema: "leeway.drill/1", migration, drill });
  });
  routes.post("/api/v1/migrations/:name/drill", async (context) => {
    const foreign = refuseOtherSite(context);
    if (foreign !== null) return context.json({ error: foreign.error }, foreign.status);
    const body = await readBody(context);
    const order = readOrder(body, signedBy(context, body?.by));
    if (order === null) return context.json({ error: EXPECTED_DRILL }, 400);
    const migration = context.req.param("name");
    const answer = await drills.begin(migration, order);
    switch (answer.outcome) {
      case "begun":
        return context.json({ schema: "leeway.drill/1", migration, drill: drills.newest(migration) ?? null });
      case "planned":
        return context.json({ schema: "leeway.drill-plan/1", migration, ...answer.plan });
      case "unknown":
        return context.json({ error: answer.problem }, 404);
      case "refused":
        return context.json({ error: answer.problem }, 409);
      default:
        return unreachable(answer);
    }
  });
};
