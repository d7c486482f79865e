import { dirname, join, resolve } from "node:path";
import type { Case } from "../../agent/case/case.ts";
import {
  type CaseRecord,
  isDue,
  MAX_REASON,
  newRecord,
  putRecord,
  RECORDS_FILE,
  readRecords,
  standingRecords,
} from "../../agent/case/case-records.ts";
import { gatherFacts } from "../../agent/case/gather-facts.ts";
import { weighCase } from "../../agent/case/weigh-case.ts";
import { day } from "../../agent/config/day.ts";
import { migrationFiles } from "../../agent/config/load-config.ts";
import { loadDocument, loadMigration } from "../../agent/config/load-migration.ts";
import { loadStoreAccess, shownPath } from "../../agent/config/read-settings.ts";
import { createLog } from "../../agent/create-log.ts";
import { daysUntil } from "../../core/days-until.ts";
import { LeewayError } from "../../core/errors.ts";
import type { Migration } from "../../core/migration.ts";
import { printableValues } from "../../core/printable-values.ts";
import { currentUser } from "../current-user.ts";
import type { ExitCode } from "../exit-code.ts";
import { renderCase, renderRecorded, renderRecords } from "../render/decide.ts";
import type { Terminal } from "../terminal.ts";

/** What `leeway decide` is told; texts as they were typed, null = left out. */
export interface DecideOptions {
  readonly config: string;
  /** A migration's name, or a path of a document; null = list what is on record. */
  readonly subject: string | null;
  /** Put on record that it is decided for. */
  readonly migrate: boolean;
  /** The day until which it is deferred, to be put on record. */
  readonly defer: string | null;
  readonly reason: string | null;
  readonly by: string | null;
  readonly json: boolean;
}

interface Terminals {
  readonly output: Terminal;
  readonly errors: Terminal;
}

const invalid = (text: string): LeewayError => new LeewayError("config-invalid", text);

/** What is typed with a slash or as a YAML file is a path. */
const isPath = (subject: string): boolean => /[/\\]|\.ya?ml$/.test(subject);

interface Subject {
  readonly migration: Migration;
  /** True where an agent that is started takes it up. */
  readonly isTakenUp: boolean;
}

const subjectOf = (subject: string, config: string, targets: readonly string[]): Subject => {
  const folder = dirname(resolve(config));
  if (!isPath(subject)) return { migration: loadMigration(folder, subject, targets), isTakenUp: true };
  const isTakenUp = migrationFiles(folder).includes(resolve(subject));
  return { migration: loadDocument(resolve(subject), targets), isTakenUp };
};

/** What is to be put on record; null = nothing. */
type Said = Pick<CaseRecord, "decision" | "by" | "reason" | "revisit">;

const readRevisit = (text: string, now: number): string => {
  const read = day.safeParse(text);
  if (!read.success) throw invalid(`--defer: ${read.error.issues[0]?.message ?? "no day"}`);
  if (daysUntil(read.data, now) > 0) return read.data;
  throw invalid(
    `--defer: ${read.data} is not to come; expected the day, from tomorrow on (UTC), on which to look again`,
  );
};

const saidOf = ({ migrate, defer, reason, by, subject }: DecideOptions): Said | null => {
  if (!migrate && defer === null) {
    if (reason !== null || by !== null)
      throw invalid("--reason and --by: nothing to record; expected --migrate or --defer <day> with them");
    return null;
  }
  if (migrate && defer !== null) throw invalid("--migrate and --defer: both; expected one of them");
  if (subject === null) throw invalid("no migration; expected its name or a document to decide on");
  const words = (reason ?? "").trim();
  if (words === "") throw invalid('no reason; expected --reason "…", which goes on record');
  if (words.length > MAX_REASON) throw invalid(`--reason: too long; expected at most ${MAX_REASON} characters`);
  const who = (by ?? currentUser()).trim();
  if (who === "" || who.length > MAX_REASON) throw invalid("--by: no name; expected who decides");
  const revisit = defer === null ? null : readRevisit(defer, Date.now());
  return { decision: migrate ? "migrate" : "defer", by: who, reason: words, revisit };
};

const EXIT: Readonly<Record<Case["advice"], ExitCode>> = { migrate: 0, defer: 1, undecided: 4 };

const list = ({ config, json }: DecideOptions, { output }: Terminals): ExitCode => {
  const now = Date.now();
  const path = recordsPath(config);
  const records = standingRecords(readRecords(path, shownPath(path)));
  const due = records.filter((record) => isDue(record, now));
  if (json) {
    const shown = records.map((record) => ({ ...record, due: isDue(record, now) }));
    output.print(`${JSON.stringify({ schema: "leeway.decisions/1", at: now, records: shown })}\n`);
  } else output.print(renderRecords(printableValues(records), now));
  return due.length > 0 ? 1 : 0;
};

const recordsPath = (config: string): string => join(dirname(resolve(config)), RECORDS_FILE);

/**
 * `leeway decide`: whether to begin a migration, by what is known before it. Exit 0 migrate, 1 defer, 4 too little to say; 0 where a
 * decision was put on record, whichever. Without a migration it lists the decisions on record: 1 when one is due to be looked at again.
 */
export const decide = async (options: DecideOptions, terminals: Terminals): Promise<ExitCode> => {
  const said = saidOf(options);
  const access = loadStoreAccess(options.config, process.env);
  if (options.subject === null) return list(options, terminals);
  const { migration, isTakenUp } = subjectOf(options.subject, options.config, access.targets);
  const path = recordsPath(options.config);
  const before = readRecords(path, shownPath(path)).findLast((record) => record.migration === migration.name) ?? null;
  const now = Date.now();
  const log = createLog(terminals.errors.print, Date.now);
  const facts = await gatherFacts(migration, { config: options.config, environment: process.env, access, log, now });
  const weighed = weighCase(facts);
  const base = { migration: migration.name, document: migration.hash, advice: weighed.advice };
  const put = said === null ? null : putRecord(path, shownPath(path), newRecord({ ...base, ...said }, now));
  const record = put?.record ?? before;
  if (options.json) {
    const { points, because } = weighed;
    const shown = {
      schema: "leeway.case/1",
      at: now,
      ...base,
      because,
      points,
      record,
      recorded: put?.isNew ?? false,
    };
    terminals.output.print(`${JSON.stringify(shown)}\n`);
  } else {
    const lines = renderCase(
      printableValues(migration),
      printableValues(weighed),
      printableValues(put === null ? before : null),
    );
    const recorded =
      put === null ? [] : renderRecorded(printableValues(put), migration, { isTakenUp, file: shownPath(path) });
    terminals.output.print(`${[...lines, ...recorded].join("\n")}\n`);
  }
  return put === null ? EXIT[weighed.advice] : 0;
};
