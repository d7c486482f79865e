import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { handleOfrep, type ServedFlag } from "../../alerts/flags/ofrep.ts";
import type { CommandRequest, CommandResult } from "../../lifecycle/commands/command-type.ts";
import { COMMANDS, isCommand } from "../../lifecycle/commands/commands.ts";
import type { Explanation } from "../../status/explanation.ts";
import type { MonitorView } from "../../status/monitor-view.ts";
import { renderStatusPage, type StatusView } from "../../status/status-page.ts";
import { type AccessSettings, refuseOtherSite, refuseRequest } from "./refuse-request.ts";

/** What the HTTP interface shows and does. */
export interface RouteHandlers {
  readonly status: () => Promise<StatusView>;
  /** Null for a migration nobody declared. */
  readonly explain: (migration: string) => Explanation | null;
  readonly command: (migration: string, request: CommandRequest) => Promise<CommandResult>;
  /** Flags the agent serves itself, by name; null until the first round has brought them in line with the ledger. */
  readonly flags: () => ReadonlyMap<string, ServedFlag> | null;
  readonly monitors: () => readonly MonitorView[];
  readonly metrics: () => string;
  /** What keeps the agent from taking traffic; empty when it is ready. Not every problem is one. */
  readonly notReady: () => Promise<readonly string[]>;
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
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1 ? value - 1 : null;
};

const MAX_KEY_CHARS = 200;

const readKey = (value: unknown): string | null | undefined => {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" && value !== "" && value.length <= MAX_KEY_CHARS ? value : null;
};

const readCommand = (body: unknown): CommandRequest | null => {
  const { command, reason, by, ...more } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (!isCommand(command) || typeof reason !== "string" || typeof by !== "string") return null;
  const [stage, key] = [readStage(more.stage), readKey(more.key)];
  if (reason.trim() === "" || by.trim() === "" || stage === null || key === null) return null;
  return {
    command,
    reason: reason.trim(),
    by: by.trim(),
    ...(stage === undefined ? {} : { stage }),
    ...(key === undefined ? {} : { key }),
  };
};

const EXPECTED_COMMAND = `expected JSON { "command": "${COMMANDS.join("|")}", "reason": "…", "by": "…" }, and optionally "stage": the number of the stage an advance is meant for, from 1, and "key": a text that names this request`;

const STATUS_OF: Readonly<Record<CommandResult["outcome"], 200 | 404 | 409>> = {
  done: 200,
  unknown: 404,
  refused: 409,
};

/**
 * The agent's HTTP interface: status page, API, OFREP, health, metrics. With a token everything but the health checks
 * asks for it, as a bearer token or `x-api-key`; without one, everything but them asks for a known Host, and answers no
 * other site's page. Health checks come from wherever an orchestrator is, and say nothing but fixed sentences.
 */
export const createRoutes = (settings: AccessSettings, handlers: RouteHandlers): Hono => {
  const routes = new Hono();

  // What went wrong inside is for the log, not for whoever asked; and nothing did where whoever asked has gone.
  routes.onError((error, context) => {
    if (!context.req.raw.signal.aborted) handlers.failed(error);
    return context.json({ error: "the agent failed to answer; its log says why" }, 500);
  });
  routes.notFound((context) => context.json({ error: "no such page; / shows the status" }, 404));
  routes.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) context.res.headers.set(name, value);
    if (!context.res.headers.has("content-security-policy")) {
      context.res.headers.set("content-security-policy", SANDBOX);
    }
  });
  routes.get("/healthz", (context) => context.text("ok\n"));
  routes.get("/readyz", async (context) => {
    const problems = await handlers.notReady();
    return problems.length === 0 ? context.text("ready\n") : context.text(`${problems.join("\n")}\n`, 503);
  });
  routes.use(async (context, next) => {
    const refused = refuseRequest(context, settings);
    return refused === null ? next() : context.json({ error: refused.error }, refused.status);
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
    return explanation === null
      ? context.json({ error: `no migration ${name} is declared` }, 404)
      : context.json(explanation);
  });
  routes.post("/api/v1/migrations/:name/commands", async (context) => {
    const foreign = refuseOtherSite(context);
    if (foreign !== null) return context.json({ error: foreign.error }, foreign.status);
    const isJson = (context.req.header("content-type") ?? "").startsWith("application/json");
    const request = isJson ? readCommand(await readJson(context)) : null;
    if (request === null) return context.json({ error: EXPECTED_COMMAND }, 400);
    const result = await handlers.command(context.req.param("name"), request);
    const answer = result.outcome === "done" ? result : { error: result.problem };
    return context.json(answer, STATUS_OF[result.outcome]);
  });
  routes.post("/ofrep/v1/evaluate/flags", (context) => answerOfrep(context, null, handlers));
  routes.post("/ofrep/v1/evaluate/flags/:key", (context) => answerOfrep(context, context.req.param("key"), handlers));
  return routes;
};
