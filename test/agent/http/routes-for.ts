import { Hono } from "hono";
import type { Caller } from "../../../agent/access/caller.ts";
import type { RouteEnvironment, Routes } from "../../../agent/http/routes.ts";

/** Whoever asks a program of this machine where nobody has a token. */
export const ANYBODY: Caller = { scope: "admin", content: "machine", identity: "claimed", name: null, remark: "" };

/** Whose token was presented. */
export const bearer = (name: string, scope: Caller["scope"], content: Caller["content"] = "none"): Caller => ({
  ...{ scope, name, content },
  identity: "proven",
  remark: "",
});

/** Routes that everybody gets to as `caller`. */
export const routesFor = (caller: Caller = ANYBODY): Routes => {
  const routes = new Hono<RouteEnvironment>();
  routes.use(async (context, next) => {
    context.set("caller", caller);
    await next();
  });
  return routes;
};
