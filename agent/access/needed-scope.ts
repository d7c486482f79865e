import type { Command } from "../../core/ledger.ts";
import type { Migration } from "../../core/migration.ts";
import type { Scope } from "../../core/scope.ts";
import { needsApproval } from "../../lifecycle/approvals.ts";
import type { MigrationState } from "../../lifecycle/state.ts";

/** `guarded`: approve, where the document names approvers or the next stage asks for an approval; else operate. */
type CommandScope = Scope | "guarded";

/** What each command needs. What brings exposure down, or only stops it, needs no more than operate. */
export const COMMAND_SCOPES: Readonly<Record<Command, CommandScope>> = {
  rollback: "operate",
  pause: "operate",
  ack: "operate",
  advance: "guarded",
  resume: "guarded",
  rearm: "guarded",
  // Harm has rollback; what nothing undoes is said by who may approve.
  abandon: "guarded",
  revise: "guarded",
};

/** What each way in needs; what is not listed is read with GET, and admin with any other method. */
export const ROUTE_SCOPES: readonly (readonly [method: "GET" | "POST", path: RegExp, scope: Scope])[] = [
  ["POST", /^\/ofrep\/v1\/evaluate\/flags(\/[^/]+)?$/, "read"],
  // which command it is decides
  ["POST", /^\/api\/v1\/migrations\/[^/]+\/commands$/, "operate"],
  // it brings exposure down, and back to what was approved
  ["POST", /^\/api\/v1\/migrations\/[^/]+\/drill$/, "operate"],
  // what is accepted lets a shadow stage end, which an approval may still guard
  ["POST", /^\/api\/v1\/migrations\/[^/]+\/pairs\/words$/, "approve"],
  // who may read the answers may say which is better: the routes ask for the scope content
  ["POST", /^\/api\/v1\/migrations\/[^/]+\/pairs\/labels$/, "read"],
  ["POST", /^\/api\/v1\/silences(\/[^/]+\/end)?$/, "operate"],
  ["POST", /^\/api\/v1\/test-alert$/, "operate"],
];

/** The scope that a request needs whatever is in it. */
export const routeScope = (method: string, path: string): Scope => {
  const listed = ROUTE_SCOPES.find(([each, pattern]) => each === method && pattern.test(path));
  return listed?.[2] ?? (method === "GET" || method === "HEAD" ? "read" : "admin");
};

const isGuarded = (migration: Migration, state: MigrationState): boolean =>
  migration.approvers.length > 0 || needsApproval(migration, state);

/** The scope that a command to a migration where it stands needs. */
export const commandScope = (command: Command, migration: Migration, state: MigrationState): Scope => {
  const scope = COMMAND_SCOPES[command];
  if (scope !== "guarded") return scope;
  return isGuarded(migration, state) ? "approve" : "operate";
};
