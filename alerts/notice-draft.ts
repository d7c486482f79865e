import { type Migration, shortHash } from "../core/migration.ts";
import {
  NOTICE_STANDING,
  type Notice,
  type NoticePhase,
  type NoticeSeverity,
  type NoticeType,
  SECTION_HEADINGS,
} from "../core/notice.ts";
import { clamp } from "./clamp.ts";
import { type DashboardPlace, noticeLinks } from "./notice-links.ts";
import { sectionText } from "./section-text.ts";

/** What every notice about a migration needs. */
export interface NoticeContext {
  readonly migration: Migration;
  /** Empty outside an incident. */
  readonly incident: string;
  /** Hash of the document the migration was started with. */
  readonly startedWith: string;
  /** When it happened, epoch ms: the moment of the decision, which every replica shares, not the moment of writing. */
  readonly at: number;
  /** Absolute URL of the agent's page; empty when none is known. */
  readonly link: string;
  /** The dashboard; left out = there is none. */
  readonly dashboard?: DashboardPlace | null;
}

/** Label and value pairs. */
export type Facts = Notice["facts"];

/**
 * Longest texts, characters. The title's limit is the notice's own; the others keep every channel's limits far away. Each part
 * of the summary is cut by itself: what to do now is not lost to a long story.
 */
const LIMIT = { title: 150, happened: 800, done: 350, proof: 400, next: 420, label: 80, value: 400 } as const;

/** A notice before it is cut to size. Of sentences the empty ones are left out. */
export interface Draft {
  readonly type: NoticeType;
  /** Default: what notices of the type are. */
  readonly phase?: NoticePhase;
  readonly severity?: NoticeSeverity;
  /** Default: false. */
  readonly isUrgent?: boolean;
  readonly id: string;
  readonly title: string;
  /** What happened, and why: sentences. */
  readonly summary: readonly string[];
  /** What Leeway did about it: sentences. */
  readonly done?: readonly string[];
  /** Whether that is proven: sentences. */
  readonly proof?: readonly string[];
  /** What a person is to do now: sentences. */
  readonly next?: readonly string[];
  readonly facts: Facts;
  /** Where on the dashboard to look: since when, epoch ms, and in which segment. */
  readonly since?: number | null;
  readonly segment?: string;
}

type NoticeSection = keyof typeof SECTION_HEADINGS;

const sectionsOf = (parts: Readonly<Record<NoticeSection, readonly string[]>>): Notice["sections"] =>
  (["happened", "done", "proof", "next"] as const).flatMap((part) => {
    const text = parts[part].filter((sentence) => sentence !== "").join(" ");
    return text === "" ? [] : [[SECTION_HEADINGS[part], clamp(text, LIMIT[part])] as const];
  });

/** The notice of a draft, about a migration or what else has a name. */
export const finishNotice = (
  context: Pick<NoticeContext, "incident" | "at" | "link" | "dashboard"> & {
    readonly migration: Pick<Migration, "name" | "runbook">;
  },
  draft: Draft,
): Notice => {
  const { migration, incident, at } = context;
  const { summary: happened, done = [], proof = [], next = [] } = draft;
  const sections = sectionsOf({ happened, done, proof, next });
  const links = noticeLinks(context, { since: draft.since ?? null, segment: draft.segment ?? "" });
  return {
    id: draft.id,
    at,
    type: draft.type,
    severity: draft.severity ?? NOTICE_STANDING[draft.type].severity,
    phase: draft.phase ?? NOTICE_STANDING[draft.type].phase,
    ...(draft.isUrgent === true ? { isUrgent: true } : {}),
    migration: migration.name,
    incident,
    title: clamp(draft.title, LIMIT.title),
    summary: sections.map(sectionText).join(" "),
    sections,
    facts: draft.facts.map(([label, value]) => [clamp(label, LIMIT.label), clamp(value, LIMIT.value)] as const),
    link: links.page,
    links: links.all,
  };
};

/** What ids begin with: the incident, or outside one the document itself. */
export const scopeOf = ({ migration, incident, startedWith }: NoticeContext): string =>
  incident === "" ? `${migration.name}@${shortHash(startedWith, 8)}` : incident;
