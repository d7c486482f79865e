import type { Context, Hono } from "hono";
import type { Caller } from "../access/caller.ts";

/** What the handlers of one request share. */
export interface RouteEnvironment {
  Variables: { caller: Caller };
}

/** The agent's routes; whoever gets to one has a caller. */
export type Routes = Hono<RouteEnvironment>;

/** A request on its way. */
export type RouteContext = Context<RouteEnvironment>;
