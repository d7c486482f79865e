import { type Migration, shortHash } from "../core/migration.ts";
import {
  NOTICE_STANDING,
  type Notice,
  type NoticePhase,
  type NoticeSeverity,
  type NoticeType,
} from "../core/notice.ts";
import { clamp } from "./clamp.ts";

/** What every notice about a migration needs. */
export interface NoticeContext {
  readonly migration: Migration;
  /** Empty outside an incident. */
  readonly incident: string;
  /** Hash of the document the migration was started with. */
  readonly startedWith: string;
  /** When it happened, epoch ms: the moment of the decision, which every replica shares, not the moment of writing. */
  readonly at: number;
  /** Absolute URL of the evidence; empty when none is known. */
  readonly link: string;
}

/** Label and value pairs. */
export type Facts = Notice["facts"];

/** Longest texts, characters. The title's limit is the notice's own; the others keep every channel's limits far away. */
const LIMIT = { title: 150, summary: 2_000, label: 80, value: 400 } as const;

/** A notice before it is cut to size. */
export interface Draft {
  readonly type: NoticeType;
  /** Default: what notices of the type are. */
  readonly phase?: NoticePhase;
  readonly severity?: NoticeSeverity;
  readonly id: string;
  readonly title: string;
  /** Sentences; empty ones are left out. */
  readonly summary: readonly string[];
  readonly facts: Facts;
}

/** The notice of a draft, about a migration or what else has a name. */
export const finishNotice = (
  {
    migration,
    incident,
    at,
    link,
  }: Pick<NoticeContext, "incident" | "at" | "link"> & { readonly migration: Pick<Migration, "name"> },
  draft: Draft,
): Notice => ({
  id: draft.id,
  at,
  type: draft.type,
  severity: draft.severity ?? NOTICE_STANDING[draft.type].severity,
  phase: draft.phase ?? NOTICE_STANDING[draft.type].phase,
  migration: migration.name,
  incident,
  title: clamp(draft.title, LIMIT.title),
  summary: clamp(draft.summary.filter((sentence) => sentence !== "").join(" "), LIMIT.summary),
  facts: draft.facts.map(([label, value]) => [clamp(label, LIMIT.label), clamp(value, LIMIT.value)] as const),
  link,
});

/** What ids begin with: the incident, or outside one the document itself. */
export const scopeOf = ({ migration, incident, startedWith }: NoticeContext): string =>
  incident === "" ? `${migration.name}@${shortHash(startedWith, 8)}` : incident;
