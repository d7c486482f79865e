import { isItsDocument } from "../../core/migration.ts";
import type { Problem } from "../config/problem.ts";
import type { DeclaredDocument } from "./declared-document.ts";
import { twinProblem } from "./shared-flags.ts";

/** A migration that has a document already: by which hash it goes, and where its file was. */
export interface KnownMigration {
  readonly name: string;
  /** Null before the start. */
  readonly hash: string | null;
  readonly file: string;
}

/** Which document speaks for which migration. */
export interface MatchedDocuments {
  /** By the migration's name. */
  readonly byName: ReadonlyMap<string, DeclaredDocument>;
  /** What is wrong with those that speak for none. */
  readonly problems: readonly Problem[];
}

/** How well a document fits a migration that has one: its content, then its place, then that it can be used at all. */
const fitOf = ({ migration, file }: DeclaredDocument, known: KnownMigration | undefined): number => {
  const isItsOwn = migration !== null && known?.hash != null && isItsDocument(migration, known.hash);
  return (isItsOwn ? 4 : 0) + (known?.file === file ? 2 : 0) + (migration === null ? 0 : 1);
};

/**
 * Finds the document of each migration. One that cannot be read is that of the migration whose file it was; of several of one
 * name the one in force speaks, else the first, and the others are refused. `documents` are in the order of their files.
 */
export const matchDocuments = (
  documents: readonly DeclaredDocument[],
  known: readonly KnownMigration[],
): MatchedDocuments => {
  const nameOf = ({ name, file }: DeclaredDocument): string =>
    name ?? known.find((each) => each.file === file)?.name ?? "";
  const byName = new Map<string, DeclaredDocument>();
  const problems: Problem[] = [];
  for (const [name, all] of Map.groupBy(documents, nameOf)) {
    if (name === "") {
      problems.push(...all.flatMap((each) => each.problems));
      continue;
    }
    const owner = known.find((each) => each.name === name);
    const best = all.reduce((a, b) => (fitOf(b, owner) > fitOf(a, owner) ? b : a));
    byName.set(name, best);
    problems.push(...all.filter((each) => each !== best).map(({ file }) => twinProblem(file, name, best.file)));
  }
  return { byName, problems };
};
