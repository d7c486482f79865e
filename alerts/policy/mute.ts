import { type Ending, type Notice, SILENCEABLE_TYPES } from "../../core/notice.ts";
import { utcStamp } from "../../core/utc-text.ts";
import { isUrgent } from "./is-urgent.ts";
import { type Silence, silenceOf } from "./silences.ts";

/** What decides whether a channel is told. */
export interface MuteFacts {
  /** Why the notice, a repeat of an open incident, says nothing new any more; null = it does. */
  readonly overtaken: string | null;
  /** True once people were called for a rollback in the notice's incident. */
  readonly isRolledBack: boolean;
  /** True where the channel delivered something of the notice's incident. */
  readonly hasHeard: boolean;
  /** Those in force. */
  readonly silences: readonly Silence[];
}

type Muted = Extract<Ending, { readonly outcome: "muted" }>;

/**
 * How a notice ends that is due and told to nobody; null = it is told. An open rollback says more than the pauses before it, and
 * what overtook a repeat says more than it, urgent or not: people were told the original. A silence is for the types that can be silenced: not for what is urgent, a test, an acknowledgement or a proven drain, nor for
 * the end of what was heard of. Pure.
 */
export const muted = (notice: Notice, facts: MuteFacts): Muted | null => {
  const { overtaken, isRolledBack, hasHeard, silences } = facts;
  if (overtaken !== null) return { outcome: "muted", detail: overtaken };
  if (isUrgent(notice)) return null;
  if (notice.type === "pause" && isRolledBack)
    return { outcome: "muted", detail: "inhibited: the migration was rolled back meanwhile" };
  if (!SILENCEABLE_TYPES.some((type) => type === notice.type)) return null;
  if (notice.phase === "resolve" && hasHeard) return null;
  const silence = silenceOf(silences, notice);
  if (silence === null) return null;
  const { id, by, until, reason } = silence;
  return { outcome: "muted", detail: `silenced by ${by} until ${utcStamp(until)}: ${reason}`, silence: id };
};
