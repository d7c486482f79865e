import type { IncomingMessage } from "node:http";
import { isLoopback } from "../../http/listen-address.ts";
import { refuseContent } from "../access/caller.ts";
import type { TokenBook } from "../access/token-book.ts";
import type { ContentDesk } from "../content-desk.ts";
import { notDeclared } from "../not-declared.ts";
import type { PairHandlers } from "./pair-routes.ts";
import type { RouteContext, Routes } from "./routes.ts";

/** What the HTTP interface does about content. */
export interface ContentHandlers {
  /** Null = leeway.yaml does not ask for content to be kept. */
  readonly desk: ContentDesk | null;
  readonly isDeclared: (migration: string) => boolean;
}

/** What the routes ask of others. */
export interface ContentRouteParts extends ContentHandlers {
  readonly row: PairHandlers["row"];
  readonly tokens: TokenBook;
}

/** Said where content is asked for and none is kept. */
export const NOT_KEPT =
  "no content is kept; content: { keep: 14d } in leeway.yaml keeps it, where the apps put it on spans";

/** Of up to 256 KiB each. */
const MOST_CALLS = 100;
const DEFAULT_CALLS = 25;

/** A request that came over a proxy is somebody else's than the one who opened the connection. */
const FORWARDED = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];

/** Whether whoever asks sits on this machine, as far as the connection tells; unknown is no. */
export const isOfThisMachine = (context: RouteContext): boolean => {
  if (FORWARDED.some((name) => context.req.header(name) !== undefined)) return false;
  const { incoming } = (context.env ?? {}) as { readonly incoming?: IncomingMessage };
  const address = incoming?.socket.remoteAddress ?? "";
  return isLoopback(address.replace(/^::ffff:/, ""));
};

/** Why whoever asks may not see content; null when they may. */
export const contentRefusal = (context: RouteContext, tokens: TokenBook): string | null =>
  refuseContent(context.get("caller"), context.req.path, isOfThisMachine(context), tokens);

/** How many are wanted on a page; null for what is no number of them. */
export const readLimit = (text: string | undefined): number | null => {
  if (text === undefined) return DEFAULT_CALLS;
  const limit = Number(text);
  return Number.isSafeInteger(limit) && limit >= 1 && limit <= MOST_CALLS ? limit : null;
};

/** Adds the routes that show content; `routes` refuses whoever may not ask at all. */
export const addContentRoutes = (routes: Routes, { desk, isDeclared, row, tokens }: ContentRouteParts): void => {
  routes.get("/api/v1/migrations/:name/content", async (context) => {
    const refused = contentRefusal(context, tokens);
    if (refused !== null) return context.json({ error: refused }, 403);
    const name = context.req.param("name");
    if (!isDeclared(name)) return context.json({ error: notDeclared(name) }, 404);
    if (desk === null) return context.json({ error: NOT_KEPT }, 409);
    const limit = readLimit(context.req.query("limit"));
    if (limit === null) return context.json({ error: `limit: expected 1 to ${MOST_CALLS}` }, 400);
    const page = await desk.page(name, context.req.query("after") ?? "", limit);
    return page === null
      ? context.json({ error: "after: expected what the page before has as next, or nothing" }, 400)
      : context.json(page);
  });
  routes.get("/api/v1/migrations/:name/pairs/:id/content", async (context) => {
    const refused = contentRefusal(context, tokens);
    if (refused !== null) return context.json({ error: refused }, 403);
    const { name, id } = context.req.param();
    const pair = await row(name, id);
    if (pair === null) return context.json({ error: `${name} has no pair ${id}, or it is older than 90 days` }, 404);
    return desk === null ? context.json({ error: NOT_KEPT }, 409) : context.json(await desk.ofPair(pair));
  });
};
