import type { Identity } from "../../core/identity.ts";
import { covers, type Scope } from "../../core/scope.ts";
import { isAuthorised } from "../../http/is-authorised.ts";
import { readsContent } from "./stored-token.ts";
import type { TokenBook } from "./token-book.ts";

/** Who asks the agent for something, as far as it is known. */
export interface Caller {
  readonly scope: Scope;
  /**
   * Whether they may read content. `machine`: nobody has a token, so that whoever is on this machine may; whoever is not has to be
   * told apart by the request.
   */
  readonly content: "granted" | "machine" | "none";
  /** How `name`, or what the sender says instead, is known. */
  readonly identity: Identity;
  /** Whose token was presented; null = nobody's, and then the sender's own word stands. */
  readonly name: string | null;
  /** Why a token that was presented does not count; empty where none was, or where it does. */
  readonly remark: string;
}

const EXPECTED =
  "no valid token; expected Authorization: Bearer with agent.token, or with a token of leeway token create";

/**
 * Who presents this. `agentToken` null = none is asked for, and who has none may do all of it until somebody has a token, and
 * from then on what needs no approval: to pause and to roll back is never made harder. A text why nobody is let in.
 */
export const callerOf = async (
  presented: string | null,
  agentToken: string | null,
  book: TokenBook,
): Promise<Caller | string> => {
  const found = await book.look(presented);
  if (found.outcome === "known") {
    const { name, scope } = found.token;
    return { scope, content: readsContent(found.token) ? "granted" : "none", identity: "proven", name, remark: "" };
  }
  const identity = book.hasPeople() ? "unproven" : "claimed";
  if (agentToken !== null && isAuthorised(presented, agentToken))
    return { scope: "admin", content: "granted", identity, name: null, remark: "" };
  if (agentToken !== null) return found.why === "" ? EXPECTED : `${found.why}; ${EXPECTED}`;
  const hasPeople = book.hasPeople();
  const content = hasPeople ? "none" : "machine";
  return { scope: hasPeople ? "operate" : "admin", content, identity, name: null, remark: found.why };
};

/** Who gives it: the token's name, never what its bearer says. */
export const nameOf = ({ name }: Caller, claimed: string): string => name ?? claimed;

const whoHas = (holders: readonly string[]): string =>
  holders.length === 0 ? "nobody has it" : `who has it: ${holders.slice(0, 20).join(", ")}`;

/** Why the caller may not do `what`, which needs the scope; null when they may. */
export const refuseScope = (caller: Caller, needed: Scope, what: string, book: TokenBook): string | null => {
  if (covers(caller.scope, needed)) return null;
  const { name, scope, remark } = caller;
  const whose =
    name === null
      ? `people have tokens here, and who presents none has ${scope}${remark === "" ? "" : ` (${remark})`}: set LEEWAY_AGENT_TOKEN`
      : `the token of ${name} has ${scope}`;
  const broken = book.problem();
  const holders = broken === "" ? whoHas(book.holders(needed)) : `nobody can be known: ${broken}`;
  return `${what} needs the scope ${needed}; ${whose}; ${holders}; leeway token create makes a token`;
};

/** Why the caller may not read `what`, which is content; null when they may. `isOfThisMachine`: the request comes from here. */
export const refuseContent = (
  { content, name }: Caller,
  what: string,
  isOfThisMachine: boolean,
  book: TokenBook,
): string | null => {
  if (content === "granted" || (content === "machine" && isOfThisMachine)) return null;
  const whose =
    name === null
      ? content === "machine"
        ? "nobody has a token here, and without one it is shown on this machine alone"
        : "who presents no token of a person has none: set LEEWAY_AGENT_TOKEN"
      : `the token of ${name} does not have it`;
  const broken = book.problem();
  const holders = broken === "" ? whoHas(book.contentHolders()) : `nobody can be known: ${broken}`;
  return `${what} needs the scope content; ${whose}; ${holders}; leeway token create --scope content makes a token`;
};
