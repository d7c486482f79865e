import type { BaselineCounts } from "../../status/baseline-view.ts";
import type { TokenBook } from "../access/token-book.ts";
import type { BaselineDesk } from "../baselines/baseline-desk.ts";
import { notDeclared } from "../not-declared.ts";
import { contentRefusal, readLimit } from "./content-routes.ts";
import type { Routes } from "./routes.ts";

/** What the HTTP interface does about kept examples. */
export interface BaselineHandlers {
  /** Null = leeway.yaml does not ask for examples to be kept. */
  readonly baselines: BaselineDesk | null;
  /** The segment that a migration's examples are spread over; null for a migration nobody declared. */
  readonly segmentOf: (migration: string) => string | null;
}

/** Said where examples are asked for and none are kept. */
export const NO_BASELINES = "no examples are kept; baselines: {} beside content: in leeway.yaml keeps them";

/** Adds the routes about kept examples; `routes` refuses whoever may not ask at all. */
export const addBaselineRoutes = (
  routes: Routes,
  { baselines, segmentOf, tokens }: BaselineHandlers & { readonly tokens: TokenBook },
): void => {
  routes.get("/api/v1/migrations/:name/baselines", async (context) => {
    const name = context.req.param("name");
    if (segmentOf(name) === null) return context.json({ error: notDeclared(name) }, 404);
    const strata = baselines === null ? null : await baselines.strata(name);
    return context.json({ schema: "leeway.baseline-counts/1", migration: name, strata } satisfies BaselineCounts);
  });
  routes.get("/api/v1/migrations/:name/baselines/content", async (context) => {
    const refused = contentRefusal(context, tokens);
    if (refused !== null) return context.json({ error: refused }, 403);
    const name = context.req.param("name");
    const segment = segmentOf(name);
    if (segment === null) return context.json({ error: notDeclared(name) }, 404);
    if (baselines === null) return context.json({ error: NO_BASELINES }, 409);
    const limit = readLimit(context.req.query("limit"));
    if (limit === null) return context.json({ error: "limit: expected 1 to 100" }, 400);
    const page = await baselines.page({ migration: name, segment }, context.req.query("after") ?? "", limit);
    return page === null
      ? context.json({ error: "after: expected what the page before has as next, or nothing" }, 400)
      : context.json(page);
  });
};
