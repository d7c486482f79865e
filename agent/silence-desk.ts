import type { LedgerWriter } from "../alerts/ledger-writer.ts";
import type { MutedNotice } from "../alerts/muted-notices.ts";
import type { Notifier } from "../alerts/notifier.ts";
import { matchesGlob } from "../alerts/policy/glob.ts";
import type { Silence } from "../alerts/policy/silences.ts";
import type { LedgerEntry } from "../core/ledger.ts";
import { AGENT_SUBJECT, type SilenceableType } from "../core/notice.ts";
import { silenceEndedId, silenceId } from "../lifecycle/ledger-ids.ts";

/** A person's wish not to be told. */
export interface SilenceRequest {
  /** What it is to be called: the same one, sent again, is one silence. */
  readonly id: string;
  readonly subject: string;
  readonly types: readonly SilenceableType[];
  readonly forMs: number;
  readonly by: string;
  readonly reason: string;
}

/** How a request about a silence ended. `problem` of what is done: why it is on no record yet; empty = it is. */
export type SilenceResult =
  | { readonly outcome: "done"; readonly problem: string; readonly until: number }
  | { readonly outcome: "unknown"; readonly problem: string };

/** Begins, ends and lists silences. */
export interface SilenceDesk {
  readonly begin: (request: SilenceRequest) => Promise<SilenceResult>;
  readonly end: (id: string, by: string, reason: string) => Promise<SilenceResult>;
  readonly silences: () => readonly Silence[];
  readonly muted: () => readonly MutedNotice[];
}

/** What it works with. */
export interface SilenceDeskParts {
  readonly notifier: Pick<Notifier, "restore" | "silences" | "muted">;
  readonly ledger: Pick<LedgerWriter, "note">;
  readonly now: () => number;
  /** Names notices can be about, beside the agent's own. */
  readonly subjects: () => readonly string[];
}

/** Silences stand in the ledger of the agent itself: every agent on it reads them, and a restart does. */
export const createSilenceDesk = ({ notifier, ledger, now, subjects }: SilenceDeskParts): SilenceDesk => {
  const names = (): readonly string[] => [...subjects(), AGENT_SUBJECT];

  const record = async (id: string, by: string, event: LedgerEntry["event"]): Promise<string> => {
    const entry: LedgerEntry = { id, at: now(), migration: AGENT_SUBJECT, by, incident: "", event };
    notifier.restore([entry]);
    return ledger.note(entry);
  };

  return {
    begin: async ({ id, subject, types, forMs, by, reason }) => {
      const known = names();
      if (!known.some((name) => matchesGlob(subject, name)))
        return { outcome: "unknown", problem: `nothing is called ${subject}; expected one of: ${known.join(", ")}` };
      const until = now() + forMs;
      const event = { type: "silence", silence: id, subject, types, until, reason } as const;
      return { outcome: "done", until, problem: await record(silenceId(id), by, event) };
    },
    end: async (id, by, reason) => {
      const active = notifier.silences();
      if (!active.some((silence) => silence.id === id)) {
        const ids = active.map((silence) => silence.id).join(", ") || "none";
        return { outcome: "unknown", problem: `no silence ${id} is in force; expected one of: ${ids}` };
      }
      const until = now();
      const problem = await record(silenceEndedId(id), by, { type: "silence-ended", silence: id, reason });
      return { outcome: "done", until, problem };
    },
    silences: notifier.silences,
    muted: notifier.muted,
  };
};
