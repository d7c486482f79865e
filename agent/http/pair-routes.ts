import type { PairRow } from "../../core/pair-row.ts";
import { PAIR_WORDS, type PairWord } from "../../core/pair-word.ts";
import type { PairsView } from "../../status/pairs-view.ts";
import type { CallKey } from "../../store/pairs/read-pairs.ts";
import { notDeclared } from "../not-declared.ts";
import type { PairWordAnswer, PairWordOrder } from "../shadow/word-on-pairs.ts";
import { readBody, textOf } from "./read-body.ts";
import { refuseOtherSite } from "./refuse-request.ts";
import type { RouteContext, Routes } from "./routes.ts";
import { claimedName } from "./signed-by.ts";

/** What the HTTP interface does about the pairs of a shadow. */
export interface PairHandlers {
  /** Null for a migration nobody declared. */
  readonly view: (migration: string) => Promise<PairsView | null>;
  /** Null for a pair that is not kept, or not this migration's. */
  readonly row: (migration: string, id: string) => Promise<PairRow | null>;
  /** Those of these served calls that the candidate was asked. */
  readonly asked: (migration: string, calls: readonly CallKey[]) => Promise<readonly CallKey[]>;
  /** Null for a migration nobody declared. */
  readonly word: (migration: string, order: PairWordOrder) => Promise<PairWordAnswer | null>;
}

const MAX_CHARS = 500;

/** Of one question about served calls. */
const MOST_CALLS = 100;

const EXPECTED = `expected JSON { "cluster": "12 hex digits, as leeway pairs shows it", "as": "${PAIR_WORDS.join("|")}", "reason": "…", "by": "…" }, and optionally "segment": "name=value"`;

const isWord = (value: unknown): value is PairWord => PAIR_WORDS.some((word) => word === value);

const readOrder = (context: RouteContext, body: Readonly<Record<string, unknown>> | null): PairWordOrder | null => {
  const [cluster, segment, reason] = [textOf(body?.cluster), textOf(body?.segment), textOf(body?.reason)];
  const by = claimedName(context, body?.by);
  if (!/^[0-9a-f]{12}$/.test(cluster) || !isWord(body?.as) || by === "" || reason === "") return null;
  if (reason.length > MAX_CHARS || segment.length > MAX_CHARS) return null;
  const { identity } = context.get("caller");
  return { cluster, segment, as: body.as, reason, by, ...(identity === undefined ? {} : { identity }) };
};

const readCalls = (text: string): readonly CallKey[] | null => {
  const words = text.split(",");
  if (words.length > MOST_CALLS) return null;
  const calls = words.map((word) => {
    const [, traceId, spanId] = /^([0-9a-f]{32})\.([0-9a-f]{16})$/.exec(word) ?? [];
    return traceId === undefined || spanId === undefined ? null : { traceId, spanId };
  });
  return calls.every((call) => call !== null) ? calls : null;
};

/** Adds the routes about pairs; `routes` refuses whoever may not ask at all. */
export const addPairRoutes = (routes: Routes, pairs: PairHandlers): void => {
  routes.get("/api/v1/migrations/:name/pairs", async (context) => {
    const name = context.req.param("name");
    const view = await pairs.view(name);
    return view === null ? context.json({ error: notDeclared(name) }, 404) : context.json(view);
  });
  routes.get("/api/v1/migrations/:name/asked-calls", async (context) => {
    const calls = readCalls(context.req.query("calls") ?? "");
    return calls === null
      ? context.json({ error: `calls: expected 1 to ${MOST_CALLS}, as trace.span,trace.span` }, 400)
      : context.json({ schema: "leeway.asked-calls/1", calls: await pairs.asked(context.req.param("name"), calls) });
  });
  routes.get("/api/v1/migrations/:name/pairs/:id", async (context) => {
    const { name, id } = context.req.param();
    const row = await pairs.row(name, id);
    return row === null
      ? context.json({ error: `${name} has no pair ${id}, or it is older than 90 days` }, 404)
      : context.json({ schema: "leeway.pair/1", ...row });
  });
  routes.post("/api/v1/migrations/:name/pairs/words", async (context) => {
    const foreign = refuseOtherSite(context);
    if (foreign !== null) return context.json({ error: foreign.error }, foreign.status);
    const order = readOrder(context, await readBody(context));
    if (order === null) return context.json({ error: EXPECTED }, 400);
    const name = context.req.param("name");
    const answer = await pairs.word(name, order);
    if (answer === null) return context.json({ error: notDeclared(name) }, 404);
    return answer.outcome === "done" ? context.json(answer) : context.json({ error: answer.problem }, 409);
  });
};
