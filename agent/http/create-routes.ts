import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { handleOfrep, type ServedFlag } from "../../alerts/flags/ofrep.ts";
import type { Command } from "../../core/ledger.ts";
import type { Scope } from "../../core/scope.ts";
import type { CommandRequest, CommandResult } from "../../lifecycle/commands/command-type.ts";
import { COMMAND_TYPES, COMMANDS, isCommand } from "../../lifecycle/commands/commands.ts";
import type { CostView } from "../../status/cost-view.ts";
import type { Explanation } from "../../status/explanation.ts";
import type { FlagView } from "../../status/flag-view.ts";
import type { HandoffsView } from "../../status/handoffs-view.ts";
import type { MonitorView } from "../../status/monitor-view.ts";
import { renderReportMarkdown } from "../../status/report/render-markdown.ts";
import { renderReportPage } from "../../status/report/render-page.ts";
import type { Report } from "../../status/report/report.ts";
import { renderStatusPage, type StatusView } from "../../status/status-page.ts";
import { refuseScope } from "../access/caller.ts";
import { routeScope } from "../access/needed-scope.ts";
import type { TokenBook } from "../access/token-book.ts";
import { notDeclared } from "../not-declared.ts";
import type { SilenceDesk } from "../silence-desk.ts";
import { type AlertHandlers, addAlertRoutes } from "./alert-routes.ts";
import { addBaselineRoutes, type BaselineHandlers } from "./baseline-routes.ts";
import { addContentRoutes, type ContentHandlers } from "./content-routes.ts";
import { addDrillRoutes, type DrillHandlers } from "./drill-routes.ts";
import { addLabelRoutes, type LabelHandlers } from "./label-routes.ts";
import { addLinkRoutes, type LinkHandlers } from "./link-routes.ts";
import { addPairRoutes, type PairHandlers } from "./pair-routes.ts";
import { type AccessSettings, admit, refuseOtherSite } from "./refuse-request.ts";
import type { RouteContext, RouteEnvironment, Routes } from "./routes.ts";
import { claimedName } from "./signed-by.ts";
import { addSilenceRoutes } from "./silence-routes.ts";

/** What the HTTP interface shows and does. */
export interface RouteHandlers {
  readonly status: () => Promise<StatusView>;
  /** Null for a migration nobody declared. */
  readonly explain: (migration: string) => Explanation | null;
  /** Why a call costs more or less. Null for a migration nobody declared. */
  readonly cost: (migration: string) => Promise<CostView | null>;
  /** What a change of the arm does to conversations. Null for a migration nobody declared. */
  readonly handoffs: (migration: string) => Promise<HandoffsView | null>;
  /** The record of a migration so far. Null for a migration nobody declared. */
  readonly report: (migration: string) => Promise<Report | null>;
  /** Asks the flag system itself. Null for a migration nobody declared. */
  readonly flag: (migration: string) => Promise<FlagView | null>;
  /** What a command to the migration needs; what an unknown one is answered needs no more than operate. */
  readonly scopeOf: (migration: string, command: Command) => Scope;
  readonly tokens: TokenBook;
  /** Null = notices carry no links that act. */
  readonly links: LinkHandlers | null;
  readonly command: (migration: string, request: CommandRequest) => Promise<CommandResult>;
  /** Flags the agent serves itself, by name; null until the first round has brought them in line with the ledger. */
  readonly flags: () => ReadonlyMap<string, ServedFlag> | null;
  readonly monitors: () => readonly MonitorView[];
  readonly metrics: () => string;
  /** What keeps the agent from taking traffic; empty when it is ready. Not every problem is one. */
  readonly notReady: () => Promise<readonly string[]>;
  readonly alerts: AlertHandlers;
  readonly silences: SilenceDesk;
  readonly drills: DrillHandlers;
  readonly pairs: PairHandlers;
  readonly baselines: BaselineHandlers;
  readonly content: ContentHandlers & LabelHandlers;
  /** Told of every answer that failed on a bug. */
  readonly failed: (error: Error) => void;
}

const MAX_BODY_BYTES = 1024 ** 2;

/** Of every answer: a browser neither guesses what it is, nor shows it to other sites, nor keeps it. */
const HEADERS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};
const SANDBOX = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const PAGE_HEADERS = { "content-security-policy": `${SANDBOX}; style-src 'unsafe-inline'` };

const readJson = async (context: Context): Promise<unknown> => {
  try {
    return await context.req.json();
  } catch {
    return undefined;
  }
};

const answerOfrep = async (context: Context, key: string | null, handlers: RouteHandlers): Promise<Response> => {
  const request = { key, body: await readJson(context), ifNoneMatch: context.req.header("if-none-match") ?? null };
  const flags = handlers.flags();
  // A share from before a crash may be older than a rollback: the app's own default is safer than that.
  if (flags === null) return context.json({ errorDetails: "the agent is starting" }, 503, { "retry-after": "1" });
  const { status, headers, body } = handleOfrep(request, flags);
  return new Response(body === null ? null : JSON.stringify(body), { status, headers });
};

/** Undefined where there is none, null where it is none that counts. */
const readStage = (value: unknown): number | null | undefined => {
  if (value === undefined || value === null) return undefined;
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value - 1 : null;
};

const MAX_KEY_CHARS = 200;

const readKey = (value: unknown): string | null | undefined => {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" && value !== "" && value.length <= MAX_KEY_CHARS ? value : null;
};

const readCommand = (context: RouteContext, body: unknown): CommandRequest | null => {
  const { command, ...more } = (body ?? {}) as Readonly<Record<string, unknown>>;
  const by = claimedName(context, more.by);
  if (!isCommand(command) || by === "") return null;
  const reason = more.reason ?? COMMAND_TYPES[command].defaultReason;
  if (typeof reason !== "string") return null;
  const [stage, key] = [readStage(more.stage), readKey(more.key)];
  if (reason.trim() === "" || stage === null || key === null) return null;
  return {
    command,
    reason: reason.trim(),
    by,
    identity: context.get("caller").identity,
    ...(stage === undefined ? {} : { stage }),
    ...(key === undefined ? {} : { key }),
  };
};

const EXPECTED_COMMAND = `expected JSON { "command": "${COMMANDS.join("|")}", "reason": "…", "by": "…" }, and optionally "stage": the number of the stage an advance is meant for, from 1 (0 = the approval of the first), and "key": a text that names this request`;

const STATUS_OF: Readonly<Record<CommandResult["outcome"], 200 | 404 | 409>> = {
  done: 200,
  unknown: 404,
  refused: 409,
};

/**
 * The agent's HTTP interface: status page, API, OFREP, health, metrics. With a token everything but the health checks
 * asks for it or a person's own, as a bearer token or `x-api-key`; without one, everything but them asks for a known Host, and answers no
 * other site's page. Health checks come from wherever an orchestrator is, and say nothing but fixed sentences.
 */
export const createRoutes = (settings: AccessSettings, handlers: RouteHandlers): Routes => {
  const routes = new Hono<RouteEnvironment>();

  // What went wrong inside is for the log, not for whoever asked; and nothing did where whoever asked has gone.
  routes.onError((error, context) => {
    if (!context.req.raw.signal.aborted) handlers.failed(error);
    return context.json({ error: "the agent failed to answer; its log says why" }, 500);
  });
  routes.notFound((context) => context.json({ error: "no such page; / shows the status" }, 404));
  routes.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS))
      if (name !== "referrer-policy" || !context.res.headers.has(name)) context.res.headers.set(name, value);
    if (!context.res.headers.has("content-security-policy")) {
      context.res.headers.set("content-security-policy", SANDBOX);
    }
  });
  routes.get("/healthz", (context) => context.text("ok\n"));
  routes.get("/readyz", async (context) => {
    const problems = await handlers.notReady();
    return problems.length === 0 ? context.text("ready\n") : context.text(`${problems.join("\n")}\n`, 503);
  });
  // Their signature lets people in, wherever they are; see there.
  if (handlers.links !== null) addLinkRoutes(routes, handlers.links);
  routes.use(async (context, next) => {
    const caller = await admit(context, settings, handlers.tokens);
    if ("error" in caller) return context.json({ error: caller.error }, caller.status);
    context.set("caller", caller);
    const { method, path } = context.req;
    const refused = refuseScope(caller, routeScope(method, path), `${method} ${path}`, handlers.tokens);
    return refused === null ? next() : context.json({ error: refused }, 403);
  });
  routes.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (context) =>
        context.json({ error: `the body is too large; expected at most ${MAX_BODY_BYTES} bytes` }, 413),
    }),
  );

  routes.get("/", async (context) => context.html(renderStatusPage(await handlers.status()), 200, PAGE_HEADERS));
  routes.get("/metrics", (context) =>
    context.text(handlers.metrics(), 200, { "content-type": "text/plain; version=0.0.4" }),
  );
  routes.get("/api/v1/status", async (context) =>
    context.json({ schema: "leeway.status/1", ...(await handlers.status()) }),
  );
  routes.get("/api/v1/monitors", (context) =>
    context.json({ schema: "leeway.monitors/1", monitors: handlers.monitors() }),
  );
  routes.get("/api/v1/migrations/:name", (context) => {
    const name = context.req.param("name");
    const explanation = handlers.explain(name);
    return explanation === null ? context.json({ error: notDeclared(name) }, 404) : context.json(explanation);
  });
  routes.get("/api/v1/migrations/:name/cost", async (context) => {
    const name = context.req.param("name");
    const view = await handlers.cost(name);
    return view === null ? context.json({ error: notDeclared(name) }, 404) : context.json(view);
  });
  routes.get("/api/v1/migrations/:name/handoffs", async (context) => {
    const name = context.req.param("name");
    const view = await handlers.handoffs(name);
    return view === null ? context.json({ error: notDeclared(name) }, 404) : context.json(view);
  });
  routes.get("/api/v1/migrations/:name/report", async (context) => {
    const name = context.req.param("name");
    const report = await handlers.report(name);
    if (report === null) return context.json({ error: notDeclared(name) }, 404);
    const format = context.req.query("format") ?? "json";
    if (format === "json") return context.json(report);
    if (format === "html") return context.html(renderReportPage(report), 200, PAGE_HEADERS);
    if (format !== "markdown") return context.json({ error: "format: expected json, markdown or html" }, 400);
    return context.text(renderReportMarkdown(report), 200, { "content-type": "text/markdown; charset=utf-8" });
  });
  routes.get("/api/v1/migrations/:name/flag", async (context) => {
    const name = context.req.param("name");
    const view = await handlers.flag(name);
    return view === null ? context.json({ error: notDeclared(name) }, 404) : context.json(view);
  });
  routes.post("/api/v1/migrations/:name/commands", async (context) => {
    const foreign = refuseOtherSite(context);
    if (foreign !== null) return context.json({ error: foreign.error }, foreign.status);
    const isJson = (context.req.header("content-type") ?? "").startsWith("application/json");
    const request = isJson ? readCommand(context, await readJson(context)) : null;
    if (request === null) return context.json({ error: EXPECTED_COMMAND }, 400);
    const name = context.req.param("name");
    const { command } = request;
    const needed = handlers.scopeOf(name, command);
    const refused = refuseScope(context.get("caller"), needed, `${command} of ${name}`, handlers.tokens);
    if (refused !== null) return context.json({ error: refused }, 403);
    const result = await handlers.command(name, request);
    const answer = result.outcome === "done" ? result : { error: result.problem };
    return context.json(answer, STATUS_OF[result.outcome]);
  });
  addAlertRoutes(routes, handlers.alerts);
  addSilenceRoutes(routes, handlers.silences);
  addDrillRoutes(routes, handlers.drills);
  // before the route of one pair: labels is no id
  addLabelRoutes(routes, { ...handlers.content, tokens: handlers.tokens });
  addPairRoutes(routes, handlers.pairs);
  addContentRoutes(routes, {
    ...handlers.content,
    row: (name, id) => handlers.pairs.row(name, id),
    tokens: handlers.tokens,
  });
  addBaselineRoutes(routes, { ...handlers.baselines, tokens: handlers.tokens });
  routes.post("/ofrep/v1/evaluate/flags", (context) => answerOfrep(context, null, handlers));
  routes.post("/ofrep/v1/evaluate/flags/:key", (context) => answerOfrep(context, context.req.param("key"), handlers));
  return routes;
};
