import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Identity } from "../../core/identity.ts";
import type { Scope } from "../../core/scope.ts";
import { type LinkView, renderLinkPage } from "../../status/link-page.ts";
import { type Caller, refuseScope } from "../access/caller.ts";
import type { TokenBook } from "../access/token-book.ts";
import type { ReadLink } from "../links/action-link.ts";
import type { Routes } from "./routes.ts";

/** What is known of a link's migration before anything is done. */
export interface LinkPreview {
  /** Where it stands, one line. */
  readonly now: string;
  /** What the command would do, one line. */
  readonly effect: string;
  /** What it needs. */
  readonly scope: Scope;
  /** Why the link does nothing any more, whoever follows it; null when it would. */
  readonly refused: string | null;
}

/** What the routes of links ask and do. */
export interface LinkHandlers {
  readonly read: (text: string) => Promise<ReadLink | string>;
  readonly preview: (link: ReadLink) => LinkPreview;
  readonly act: (
    link: ReadLink,
    who: { readonly by: string; readonly identity: Identity; readonly reason: string },
  ) => Promise<{ readonly isDone: boolean; readonly problem: string }>;
  readonly tokens: TokenBook;
  /** Origin of the address that links lead to; empty for none. */
  readonly origin: string;
}

const MAX_FORM_BYTES = 16_384;
const MAX_REASON = 300;

const PAGE = {
  "content-security-policy":
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; style-src 'unsafe-inline'",
  "x-frame-options": "DENY",
  "x-robots-tag": "noindex, nofollow",
  // the page's own form has to say where it comes from; nobody else is told the address
  "referrer-policy": "same-origin",
};

const page = (context: Context, status: 200 | 400 | 403 | 409 | 410, view: LinkView): Response =>
  context.html(renderLinkPage(view), status, PAGE);

/** True where another site's page sends the form: only our own may press the button. */
const isForeign = ({ req }: Context, own: string): boolean => {
  const [site, origin] = [req.header("sec-fetch-site"), req.header("origin")];
  if (site !== undefined) return site !== "same-origin";
  return origin !== undefined && origin !== own && !origin.endsWith(`//${req.header("host") ?? ""}`);
};

const readForm = async ({ req }: Context): Promise<URLSearchParams | null> => {
  const type = req.header("content-type") ?? "";
  if (!type.startsWith("application/x-www-form-urlencoded")) return null;
  const form = new URLSearchParams(await req.text());
  return form.get("go") === "1" ? form : null;
};

/** Whoever has the link, or whose token they give with it; a text why that token is none. */
const whoOf = async (token: string, tokens: TokenBook): Promise<Caller | string> => {
  if (token === "") return { scope: "operate", content: "none", identity: "link", name: null, remark: "" };
  const found = await tokens.look(token);
  if (found.outcome === "unknown") return found.why === "" ? "that is no token of leeway token create" : found.why;
  return { scope: found.token.scope, content: "none", identity: "proven", name: found.token.name, remark: "" };
};

const needsToken = (what: string, tokens: TokenBook): string => {
  const holders = tokens.holders("approve").slice(0, 20).join(", ") || "nobody";
  return `${what} needs an approval, and a link says nothing about who follows it: give your token with the scope approve (who has one: ${holders})`;
};

const refusedFor = (
  caller: Caller,
  { command, migration }: ReadLink,
  scope: Scope,
  tokens: TokenBook,
): string | null => {
  if (caller.identity === "link") return scope === "operate" ? null : needsToken(`${command} of ${migration}`, tokens);
  return refuseScope(caller, scope, `${command} of ${migration}`, tokens);
};

const ofLink = ({ migration, command, channel, until }: ReadLink) => ({ migration, command, channel, until });

/**
 * Adds the page of a link. To look never acts, by GET or HEAD, whoever fetches it ahead; only the page's own button does, once.
 * The signature lets in whoever has the link; no other page is shown by it.
 */
export const addLinkRoutes = (routes: Routes, handlers: LinkHandlers): void => {
  const { tokens } = handlers;

  routes.get("/act/:link", async (context) => {
    const link = await handlers.read(context.req.param("link"));
    if (typeof link === "string") return page(context, 410, { kind: "told", title: "Nothing to do here", text: link });
    const { refused, scope, ...preview } = handlers.preview(link);
    if (refused !== null)
      return page(context, 409, { kind: "told", title: "Nothing was done", text: refused, ...ofLink(link) });
    const approval = scope === "operate" ? "" : needsToken(`${link.command} of ${link.migration}`, tokens);
    return page(context, 200, { kind: "ask", ...ofLink(link), ...preview, approval });
  });

  routes.post("/act/:link", bodyLimit({ maxSize: MAX_FORM_BYTES }), async (context) => {
    const link = await handlers.read(context.req.param("link"));
    if (typeof link === "string") return page(context, 410, { kind: "told", title: "Nothing was done", text: link });
    const told = (status: 200 | 400 | 403 | 409, title: string, text: string): Response =>
      page(context, status, { kind: "told", title, text, ...ofLink(link) });
    if (isForeign(context, handlers.origin)) return told(403, "Nothing was done", "another site's page sent this");
    const form = await readForm(context);
    if (form === null) return told(400, "Nothing was done", "open the link, and use the button on its page");
    const caller = await whoOf(form.get("token")?.trim() ?? "", tokens);
    if (typeof caller === "string") return told(403, "Nothing was done", caller);
    const { refused, scope } = handlers.preview(link);
    const problem = refused ?? refusedFor(caller, link, scope, tokens);
    if (problem !== null) return told(refused === null ? 403 : 409, "Nothing was done", problem);
    const reason = form.get("reason")?.trim().slice(0, MAX_REASON) || "by a link of a notice, no reason given";
    const by = caller.name ?? `link in ${link.channel} (not a verified person)`;
    const result = await handlers.act(link, { by, identity: caller.identity, reason });
    if (!result.isDone) return told(409, "Nothing was done", result.problem);
    return told(200, result.problem === "" ? "Done" : "Taken, but not all is done", result.problem);
  });
};
