import { BLIND_WORDS, isBlindWord } from "../../core/label-word.ts";
import type { TokenBook } from "../access/token-book.ts";
import { notDeclared } from "../not-declared.ts";
import type { LabelDesk, Reader } from "../shadow/label-desk.ts";
import { contentRefusal, NOT_KEPT } from "./content-routes.ts";
import { readBody, textOf } from "./read-body.ts";
import { refuseOtherSite } from "./refuse-request.ts";
import type { RouteContext, Routes } from "./routes.ts";
import { claimedName } from "./signed-by.ts";

/** What the HTTP interface asks people about pairs with; a text = why it cannot. */
export interface LabelHandlers {
  readonly labels: (migration: string) => LabelDesk | "not-declared" | "not-kept";
}

const EXPECTED = `expected JSON { "pair": "32 hex digits", "word": "${BLIND_WORDS.join("|")}", "by": "…" }`;

const readerOf = (context: RouteContext, said: unknown): Reader | null => {
  const by = claimedName(context, said);
  const { identity } = context.get("caller");
  return by === "" ? null : { by, ...(identity === undefined ? {} : { identity }) };
};

/** Adds the routes by which people read pairs blind; `routes` refuses whoever may not ask at all. */
export const addLabelRoutes = (
  routes: Routes,
  { labels, tokens }: LabelHandlers & { readonly tokens: TokenBook },
): void => {
  const deskFor = (context: RouteContext): LabelDesk | Response => {
    const refused = contentRefusal(context, tokens);
    if (refused !== null) return context.json({ error: refused }, 403);
    const name = context.req.param("name") ?? "";
    const desk = labels(name);
    if (desk === "not-declared") return context.json({ error: notDeclared(name) }, 404);
    return desk === "not-kept" ? context.json({ error: NOT_KEPT }, 409) : desk;
  };
  routes.get("/api/v1/migrations/:name/pairs/labels/next", async (context) => {
    const desk = deskFor(context);
    if (desk instanceof Response) return desk;
    const reader = readerOf(context, context.req.query("by"));
    return reader === null
      ? context.json({ error: "by: expected who reads; a token says it" }, 400)
      : context.json(await desk.next(reader));
  });
  routes.post("/api/v1/migrations/:name/pairs/labels", async (context) => {
    const foreign = refuseOtherSite(context);
    if (foreign !== null) return context.json({ error: foreign.error }, foreign.status);
    const desk = deskFor(context);
    if (desk instanceof Response) return desk;
    const body = await readBody(context);
    const reader = readerOf(context, body?.by);
    const [pair, word] = [textOf(body?.pair), body?.word];
    if (reader === null || !/^[0-9a-f]{32}$/.test(pair) || !isBlindWord(word))
      return context.json({ error: EXPECTED }, 400);
    const answer = await desk.take({ ...reader, pair, word });
    return answer.outcome === "done" ? context.json(answer) : context.json({ error: answer.problem }, 409);
  });
};
