import { LeewayError } from "../core/errors.ts";
import type { LedgerEntry, LedgerEvent } from "../core/ledger.ts";
import type { Explanation } from "../status/explanation.ts";
import { MIGRATION_NAME } from "./documents.ts";
import { waitUntil } from "./wait-until.ts";
import type { World } from "./world.ts";

/** A ledger entry of one type. */
export type EntryOf<Type extends LedgerEvent["type"]> = LedgerEntry & {
  readonly event: Extract<LedgerEvent, { readonly type: Type }>;
};

/** Looks at the agent through its API, like anybody would. What does not come in time is a LeewayError. */
export interface AgentWatch {
  readonly explanation: () => Promise<Explanation>;
  /** Resolves when this many canary calls are judged, or something was decided at or after `since` (epoch ms; default 0). */
  readonly judged: (canaryCalls: number, since?: number) => Promise<Explanation>;
  /** The decision to roll back; `meanwhile` is shown every look before it. */
  readonly rollback: (meanwhile: (explanation: Explanation) => void) => Promise<EntryOf<"decision">>;
  /** The first entry of a type at or after `since` (epoch ms). */
  readonly entry: <Type extends LedgerEvent["type"]>(type: Type, since: number) => Promise<EntryOf<Type>>;
}

const JUDGED_TIMEOUT_MS = 120_000;
const ROLLBACK_TIMEOUT_MS = 120_000;
const ENTRY_TIMEOUT_MS = 60_000;

/** Keeps the entries of one type. */
export const isOf =
  <Type extends LedgerEvent["type"]>(type: Type) =>
  (entry: LedgerEntry): entry is EntryOf<Type> =>
    entry.event.type === type;

/** Canary calls of the rule that has most of them. */
export const judgedCanaryCalls = ({ judgement }: Explanation): number =>
  Math.max(0, ...(judgement?.verdicts ?? []).map(({ evidence }) => evidence.n.canary));

/** Watches the agent of `world`. */
export const createAgentWatch = (world: Pick<World, "api" | "agent">): AgentWatch => {
  const explanation = (): Promise<Explanation> => world.api.get<Explanation>(`/api/v1/migrations/${MIGRATION_NAME}`);
  const need = async <T>(look: (explanation: Explanation) => T | null, what: string, timeoutMs: number): Promise<T> => {
    const answer = await waitUntil(async () => look(await explanation()), timeoutMs);
    if (answer !== null) return answer;
    const said = world.agent().output().slice(-3000);
    throw new LeewayError("action-refused", `gave up waiting for ${what}; the agent said:\n${said}`);
  };
  return {
    explanation,
    judged: (calls, since = 0) =>
      need(
        (seen) =>
          judgedCanaryCalls(seen) >= calls || seen.ledger.some((entry) => entry.at >= since && isOf("decision")(entry))
            ? seen
            : null,
        `${calls} judged canary calls`,
        JUDGED_TIMEOUT_MS,
      ),
    rollback: (meanwhile) =>
      need(
        (seen) => {
          const decisions = seen.ledger.filter(isOf("decision"));
          const rollback = decisions.find(({ event }) => event.decision.kind === "rollback") ?? null;
          if (rollback === null) meanwhile(seen);
          return rollback;
        },
        "a rollback",
        ROLLBACK_TIMEOUT_MS,
      ),
    entry: (type, since) =>
      need(
        (seen) => seen.ledger.filter(isOf(type)).find(({ at }) => at >= since) ?? null,
        `an entry of type ${type} in the ledger`,
        ENTRY_TIMEOUT_MS,
      ),
  };
};
