import { shortHash } from "../core/migration.ts";
import type { Notice } from "../core/notice.ts";
import type { RevisionPending } from "../lifecycle/pending-revision.ts";
import { whoApproves } from "./approval-notice.ts";
import { modelFacts } from "./cause-text.ts";
import { finishNotice, type NoticeContext, scopeOf } from "./notice-draft.ts";

type Pending = Omit<RevisionPending, "type">;

const lowerFirst = (text: string): string => `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;

const shown = (hash: string): string => shortHash(hash, 12);

/** The ids of all that is told of a migration's changed documents. */
const ID = /^([^/]+\/revision\/)\d+\/[^/]+(\/gone)?$/;

const idOf = (context: NoticeContext, { nth, hash }: Pick<Pending, "nth" | "hash">): string =>
  `${scopeOf(context)}/revision/${nth}/${shortHash(hash, 8)}`;

/** What a notice of a changed document, or of its end, has in common with every other of its migration; null for any other notice. */
export const revisionTopic = ({ id, incident }: Pick<Notice, "id" | "incident">): string | null =>
  incident === "" ? (ID.exec(id)?.[1] ?? null) : null;

const LABEL = { looser: "Looser", tighter: "Tighter", other: "Also" } as const;

/** What changed, what lets more through first. */
const changeSentences = ({ changes, more }: Pending): readonly string[] => [
  ...(["looser", "tighter", "other"] as const).flatMap((effect) => {
    const texts = changes.filter((change) => change.effect === effect).map(({ text }) => text);
    return texts.length === 0 ? [] : [`${LABEL[effect]}: ${texts.join("; ")}.`];
  }),
  more === 0 ? "" : `And ${more} more.`,
];

/** `stage`: a changed document waits to be taken up. Id: `<scope>/revision/<nth>/<hash>`. */
export const revisionPendingNotice = (context: NoticeContext, pending: Pending): Notice => {
  const { migration } = context;
  const { name } = migration;
  const { hash, of, file, problem } = pending;
  return finishNotice(context, {
    type: "stage",
    id: idOf(context, pending),
    title: `${name}: its document was changed on disk, and waits for a person`,
    summary: [`${file} does not say any more what ${name} goes by.`, ...changeSentences(pending)],
    done: [`Nothing was taken up: the migration goes on by document ${shown(of)}, also across a restart.`],
    next: [
      problem === ""
        ? `To go on by it, ${lowerFirst(whoApproves(migration))} runs \`leeway revise ${name}\`. To keep what is in force, put the file back as it was.`
        : `It cannot be taken up as it is: ${problem}.`,
    ],
    facts: [["File", file], ["In force", shown(of)], ["On disk", shown(hash)], ...modelFacts(migration)],
  });
};

/** `stage`: a changed document is gone again. Id: `<scope>/revision/<nth>/<hash>/gone`. */
export const revisionGoneNotice = (context: NoticeContext, gone: Pick<Pending, "nth" | "hash" | "file">): Notice => {
  const { name } = context.migration;
  return finishNotice(context, {
    type: "stage",
    id: `${idOf(context, gone)}/gone`,
    title: `${name}: the changed document is gone again, nothing waits any more`,
    summary: [
      `${gone.file} had been changed to document ${shown(gone.hash)}, which was not taken up; it says again what ${name} goes by.`,
    ],
    next: ["Nothing."],
    facts: [["File", gone.file], ["Gone", shown(gone.hash)], ...modelFacts(context.migration)],
  });
};
