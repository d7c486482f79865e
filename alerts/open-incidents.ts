import type { Command, LedgerEntry } from "../core/ledger.ts";
import { completeNotice, type Notice, type NoticePhase } from "../core/notice.ts";
import type { NameOf } from "./outbox.ts";

/** What one channel told of an incident that is not over. */
export interface OpenIncident {
  readonly incident: string;
  /** What was delivered of it since it was opened, oldest first. At least one. */
  readonly notices: readonly Notice[];
  /** When the last of them was delivered, epoch ms. */
  readonly toldAt: number;
}

/** Which incidents are open in which channel: a fold of the ledger, so that a restart and a second agent know the same. */
export interface OpenIncidents {
  /** Takes entries in, in any order and more than once. */
  readonly take: (entries: readonly LedgerEntry[]) => void;
  readonly of: (channel: string) => readonly OpenIncident[];
}

const IS_TOLD_AGAIN: Readonly<Record<NoticePhase, boolean>> = {
  open: true,
  update: true,
  acknowledge: false,
  resolve: false,
};

/** A person's command that ends without a notice what people were called for: all of it, or what is not critical. */
const ENDS: Readonly<Record<Command, "all" | "calm" | "nothing">> = {
  rearm: "all",
  resume: "calm",
  advance: "nothing",
  pause: "nothing",
  rollback: "nothing",
  ack: "nothing",
  abandon: "nothing",
  revise: "nothing",
};

/** The latest moment known of each name, epoch ms. */
const createMoments = () => {
  const moments = new Map<string, number>();
  const of = (name: string): number => moments.get(name) ?? Number.NEGATIVE_INFINITY;
  return { of, note: (name: string, at: number): void => void moments.set(name, Math.max(at, of(name))) };
};

/**
 * Follows the incidents of the channels of these names. One is over as soon as the notice of its end is known, delivered or
 * not: what is told again must not come behind the end. What is newer than the end opens it anew.
 */
export const createOpenIncidents = (names: readonly string[], nameOf: NameOf): OpenIncidents => {
  const notices = new Map<string, Notice>();
  /** By channel, the notices it delivered, and when. */
  const told = new Map(names.map((name) => [name, new Map<string, number>()] as const));
  const [ended, rearmed, resumed] = [createMoments(), createMoments(), createMoments()];

  const know = (notice: Notice): void => {
    if (notice.phase === "resolve") ended.note(notice.incident, notice.at);
    else if (notice.incident !== "" && IS_TOLD_AGAIN[notice.phase]) notices.set(notice.id, notice);
  };

  const takeOne = ({ event, at, migration }: LedgerEntry): void => {
    if (event.type === "notice") know(completeNotice(event.notice));
    if (event.type === "delivery" && event.delivery.outcome === "delivered")
      told.get(nameOf(event.channel))?.set(event.notice, at);
    if (event.type !== "command") return;
    if (ENDS[event.command] === "all") rearmed.note(migration, at);
    if (ENDS[event.command] === "calm") resumed.note(migration, at);
  };

  const stillOpen = (all: readonly Notice[]): readonly Notice[] => {
    const left = all.filter(({ incident, migration, at }) => at > Math.max(ended.of(incident), rearmed.of(migration)));
    const isCritical = left.some(({ severity }) => severity === "critical");
    return isCritical ? left : left.filter(({ migration, at }) => at > resumed.of(migration));
  };

  return {
    take: (entries) => {
      if (names.length > 0) entries.forEach(takeOne);
    },
    of: (channel) => {
      const delivered = told.get(channel) ?? new Map<string, number>();
      const known = [...delivered.keys()].flatMap((id) => notices.get(id) ?? []).toSorted((a, b) => a.at - b.at);
      return [...Map.groupBy(known, ({ incident }) => incident)].flatMap(([incident, all]) => {
        const open = stillOpen(all);
        if (open.length === 0) return [];
        return [{ incident, notices: open, toldAt: Math.max(...open.map(({ id }) => delivered.get(id) ?? 0)) }];
      });
    },
  };
};
