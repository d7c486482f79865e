import type { Migration } from "../core/migration.ts";
import { needsApproval } from "./approvals.ts";
import type { CommandRequest } from "./commands/command-type.ts";
import type { MigrationState } from "./state.ts";

type Rules = Pick<Migration, "approvers" | "fourEyes">;
type Who = Pick<CommandRequest, "by" | "identity">;

/** Who has given what already: nobody, where it is not said. */
type Given = Pick<MigrationState, "askedBy" | "approvedBy">;
const NOTHING: Given = { askedBy: [], approvedBy: [] };

/** Why it is not known well enough who it is; empty when it is. */
const unknownBecause = ({ fourEyes = false }: Rules, { by, identity = "claimed" }: Who): string => {
  if (identity === "proven" || (identity === "claimed" && !fourEyes)) return "";
  const because = fourEyes ? "the document asks for four eyes" : "people have tokens here";
  return `that it is ${by} is only said, and ${because}: set LEEWAY_AGENT_TOKEN to yours`;
};

/** Approvers whose word would still count. */
const others = ({ approvers }: Rules, { askedBy, approvedBy }: Given): string =>
  approvers.filter((each) => !askedBy.includes(each) && !approvedBy.includes(each)).join(", ") || "nobody that is left";

/** Why a second pair of eyes is not theirs; empty when it is, and where none is asked for. */
const sameEyes = (rules: Rules, given: Given, { by }: Who): string => {
  if (rules.fourEyes !== true) return "";
  if (given.askedBy.includes(by)) return `${by} asked for what is to be approved: it needs ${others(rules, given)}`;
  return given.approvedBy.includes(by) ? `${by} approved it already: it still needs ${others(rules, given)}` : "";
};

/**
 * Why the word of whoever asks is no approval; null when it is one. Where people have tokens, or under four eyes, only a token is
 * somebody's word; where nobody has one, what is said is taken, and proves nothing. A link is nobody's word. `what` is what needs it,
 * as the beginning of a sentence.
 */
export const refuseApprover = (
  rules: Rules,
  who: Who,
  { given = NOTHING, what = "the next stage" }: { readonly given?: Given; readonly what?: string } = {},
): string | null => {
  const { approvers } = rules;
  const people = approvers.length === 0 ? "a person" : `one of its approvers (${approvers.join(", ")})`;
  const needs = `${what} needs ${people}`;
  if (who.identity === "link") return `${needs}; a link says nothing about who follows it`;
  if (approvers.length === 0) return null;
  if (!approvers.includes(who.by)) return needs;
  const problem = unknownBecause(rules, who) || sameEyes(rules, given, who);
  return problem === "" ? null : `${needs}; ${problem}`;
};

/**
 * Why an approval by `by` does not do yet, in words; empty when it does. Four eyes are those of whoever asked and of one approver;
 * where the agent took the document up by itself nobody is known to have asked, and it takes two.
 */
export const approvalMissing = (migration: Migration, state: MigrationState, by: string): string => {
  if (migration.fourEyes !== true || !needsApproval(migration, state) || state.askedBy.length > 0) return "";
  const given = { askedBy: state.askedBy, approvedBy: [...state.approvedBy, by] };
  if (state.approvedBy.some((each) => each !== by && migration.approvers.includes(each))) return "";
  return `approved by ${by}; under four eyes it goes on when another approver gives it too (${others(migration, given)})`;
};

/** Who approved taking the document of this hash up, and was not enough; whoever asked for it first. */
export const revisersOf = (
  { revisionApprovals = [] }: Pick<MigrationState, "revisionApprovals">,
  hash: string,
): readonly string[] => revisionApprovals.filter((each) => each.hash === hash).map(({ by }) => by);

/** What four eyes have given on taking a document up: whoever put the file there is not known, so it takes two approvers. */
export const givenOnRevision = (state: MigrationState, hash: string): Given => ({
  askedBy: [],
  approvedBy: revisersOf(state, hash),
});

/** Why `by` alone cannot take the document of this hash up, in words; empty where another approver said so too, and where one is enough. */
export const revisionMissing = (migration: Migration, state: MigrationState, hash: string, by: string): string => {
  const { approvers, fourEyes = false } = migration;
  const before = revisersOf(state, hash);
  if (!fourEyes || before.some((each) => each !== by && approvers.includes(each))) return "";
  const left = others(migration, { askedBy: [], approvedBy: [...before, by] });
  return `asked for by ${by}; under four eyes it is taken up when another approver gives leeway revise too (${left})`;
};
