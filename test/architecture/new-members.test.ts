import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LAYERS } from "./layers.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A union, a member it does not have, and the files that have to do something about a new one, at least. */
interface Growth {
  readonly file: string;
  readonly union: string;
  /** Unique among the growths: the compiler's complaints are told apart by it. */
  readonly name: string;
  /** The member as a type; left out, the name is the member. */
  readonly member?: string;
  readonly places: readonly string[];
}

const GROWTHS: readonly Growth[] = [
  {
    file: "core/pair-row.ts",
    union: "PairKind",
    name: "later-pair",
    places: ["detectors/pairs/pair-fold.ts", "detectors/pairs/segment-pairs.ts"],
  },
  {
    file: "core/pair-measures.ts",
    union: "PairWeight",
    name: "later-weight",
    places: ["features/pairs/compare-answers.ts"],
  },
  {
    file: "core/pair-measures.ts",
    union: "JudgeWord",
    name: "later-judge-word",
    places: ["core/pair-measures.ts", "detectors/pairs/segment-reading.ts", "detectors/pairs/triage.ts"],
  },
  {
    file: "detectors/pairs/triage.ts",
    union: "PairClass",
    name: "later-class",
    places: ["detectors/pairs/triage.ts"],
  },
  {
    file: "core/migration.ts",
    union: "RuleUnit",
    name: "later-unit",
    places: ["core/rule-units/rule-units.ts"],
  },
  {
    file: "core/migration.ts",
    union: "RuleDirection",
    name: "later-direction",
    places: [
      "agent/config/rule-schema.ts",
      "status/describe-rule.ts",
      "detectors/create-segment-detector.ts",
      "detectors/power/assumed-calls.ts",
    ],
  },
  {
    file: "core/migration.ts",
    union: "RuleReference",
    name: "later-reference",
    places: [
      "agent/config/rule-schema.ts",
      "status/describe-rule.ts",
      "detectors/create-segment-detector.ts",
      "detectors/verdict-of.ts",
    ],
  },
  {
    file: "core/migration.ts",
    union: "Severity",
    name: "later-severity",
    places: [
      "agent/backtest/false-alarms.ts",
      "agent/config/rule-schema.ts",
      "lifecycle/decide.ts",
      "detectors/engine.ts",
      "detectors/plan.ts",
    ],
  },
  {
    file: "core/signals.ts",
    union: "SignalKind",
    name: "later-kind",
    places: [
      "agent/backtest/injection.ts",
      "core/rule-units/absolute.ts",
      "core/shape-features.ts",
      "core/signals.ts",
      "detectors/create-segment-detector.ts",
      "detectors/findings/segment-watch.ts",
      "detectors/rules/bins.ts",
      "detectors/rules/incident-guard.ts",
      "detectors/rules/mean-reference.ts",
      "detectors/rules/shape-bins.ts",
      "detectors/monitors/level.ts",
      "detectors/power/assumed-calls.ts",
      "store/fold/design-effects.ts",
      "store/fold/injected-column.ts",
      "store/fold/signal-sql.ts",
      "store/monitors/monitor-sql.ts",
      "store/span-examples.ts",
    ],
  },
  { file: "core/measures.ts", union: "MeasureKind", name: "later-measure", places: ["core/signals.ts"] },
  {
    file: "core/notice.ts",
    union: "NoticeType",
    name: "later-notice",
    places: ["alerts/channels/channel.ts", "demo/receivers.ts"],
  },
  {
    file: "core/notice.ts",
    union: "Delivery",
    name: "later-delivery",
    member: '{ readonly outcome: "later-delivery"; readonly detail: string }',
    places: ["alerts/retry-delay.ts"],
  },
  {
    file: "core/notice.ts",
    union: "Ending",
    name: "later-ending",
    member: '{ readonly outcome: "later-ending"; readonly detail: string }',
    places: ["alerts/retry-delay.ts"],
  },
  {
    file: "core/ledger.ts",
    union: "Command",
    name: "later-command",
    places: ["lifecycle/commands/commands.ts"],
  },
  {
    file: "core/migration.ts",
    union: "Stage",
    name: "later-stage",
    member:
      '{ readonly kind: "later-stage"; readonly forMs: number; readonly approval: boolean; readonly gate?: readonly string[]; readonly minCalls?: number }',
    places: ["agent/config/stage-schema.ts", "lifecycle/gate.ts", "lifecycle/stages.ts"],
  },
  {
    file: "core/standing.ts",
    union: "Standing",
    name: "later-standing",
    places: ["grafana/builders/sql/strip-sql.ts", "grafana/builders/verdict-strip.ts", "status/standing-text.ts"],
  },
  {
    file: "core/ledger.ts",
    union: "DrainOverdueReason",
    name: "later-drain-reason",
    places: ["alerts/drain-notices.ts", "grafana/builders/action-log.ts"],
  },
  {
    file: "core/ledger.ts",
    union: "LedgerEvent",
    name: "later-event",
    member: '{ readonly type: "later-event" }',
    places: [
      "agent/backtest/recorded-history.ts",
      "lifecycle/notices-due.ts",
      "status/describe-entry.ts",
      "lifecycle/transitions.ts",
      "grafana/builders/action-log.ts",
      "grafana/builders/annotations.ts",
    ],
  },
  {
    file: "core/verdict.ts",
    union: "Decision",
    name: "later-decision",
    member: '{ readonly kind: "later-decision"; readonly rule: string; readonly reason: string }',
    places: [
      "agent/backtest/recorded-history.ts",
      "lifecycle/ledger-ids.ts",
      "lifecycle/notices-due.ts",
      "status/describe-entry.ts",
      "cli/render/backtest.ts",
      "lifecycle/transitions.ts",
      "grafana/builders/annotations.ts",
    ],
  },
  {
    file: "core/verdict.ts",
    union: "Verdict",
    name: "later-outcome",
    member: '(VerdictBase & { readonly outcome: "later-outcome"; readonly why: UndecidedReason })',
    places: [
      "agent/backtest/replay.ts",
      "lifecycle/gate.ts",
      "detectors/trust/doubted-verdict.ts",
      "grafana/builders/word-colors.ts",
      "status/verdict-table.ts",
    ],
  },
  {
    file: "core/verdict.ts",
    union: "UndecidedReason",
    name: "later-reason",
    places: ["core/undecided-reasons.ts"],
  },
  {
    file: "core/verdict.ts",
    union: "DoubtReason",
    name: "later-doubt",
    places: ["core/undecided-reasons.ts", "lifecycle/page-due.ts", "detectors/trust/create-trust.ts"],
  },
  {
    file: "core/flag.ts",
    union: "FlagWrite",
    name: "later-write",
    member: '{ readonly outcome: "later-write"; readonly state: FlagState }',
    places: ["status/describe-entry.ts", "alerts/flip.ts", "lifecycle/transitions.ts"],
  },
  {
    file: "core/monitor.ts",
    union: "MonitorEvent",
    name: "later-monitor-event",
    member: '{ readonly kind: "later-monitor-event"; readonly drift: Drift; readonly at: number }',
    places: ["alerts/monitor-notices.ts"],
  },
  {
    file: "core/flag.ts",
    union: "FlipResult",
    name: "later-flip",
    member: '{ readonly outcome: "later-flip"; readonly why: string }',
    places: ["agent/align-flag.ts", "alerts/rollback-notices.ts"],
  },
  {
    file: "alerts/reconcile.ts",
    union: "ReconcileResult",
    name: "later-reconcile",
    member: '{ readonly outcome: "later-reconcile" }',
    places: ["agent/align-flag.ts"],
  },
  {
    file: "lifecycle/drain.ts",
    union: "DrainState",
    name: "later-drain-state",
    member: '{ readonly state: "later-drain-state" }',
    places: ["agent/drain-watch.ts", "status/incident-view.ts"],
  },
];

let copy = "";
let complaints: readonly { readonly file: string; readonly text: string }[] = [];

/** `export type X = …` becomes a union of the member and what it was. */
const grow = async ({ file, union, name, member = JSON.stringify(name) }: Growth): Promise<void> => {
  const path = join(copy, file);
  const source = await readFile(path, "utf8");
  const grown = source.replace(
    `export type ${union} =`,
    () => `export type ${union} = Earlier${union} | ${member};\ntype Earlier${union} =`,
  );
  if (grown === source) throw new Error(`${file} has no type ${union}`);
  await writeFile(path, grown);
};

/** What the compiler says about the copy: each complaint with the lines that belong to it. */
const compile = async (): Promise<typeof complaints> => {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const options = ["-p", copy, "--pretty", "false", "--noErrorTruncation", "true"];
  const stdout = await promisify(execFile)(process.execPath, [tsc, ...options], {
    cwd: copy,
    maxBuffer: 16 * 1024 ** 2,
  })
    .then((ended) => ended.stdout)
    .catch((error: { readonly stdout: string }) => error.stdout);
  return stdout.split(/\n(?=\S)/).flatMap((text) => {
    const file = /^([\w./-]+)\(\d+,\d+\): error/.exec(text)?.[1];
    return file === undefined ? [] : [{ file, text }];
  });
};

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "leeway-members-"));
  const folders = Object.keys(LAYERS);
  for (const folder of folders) await cp(join(root, folder), join(copy, folder), { recursive: true });
  await cp(join(root, "package.json"), join(copy, "package.json"));
  await symlink(join(root, "node_modules"), join(copy, "node_modules"));
  const config = JSON.parse(await readFile(join(root, "tsconfig.json"), "utf8"));
  await writeFile(join(copy, "tsconfig.json"), JSON.stringify({ ...config, include: folders }));
  for (const growth of GROWTHS) await grow(growth);
  complaints = await compile();
});

afterAll(() => rm(copy, { recursive: true, force: true }));

describe("a new member", () => {
  it.each(GROWTHS)("of $union does not compile before it has its places", ({ name, places }) => {
    const named = complaints.filter(({ text }) => text.includes(`"${name}"`)).map(({ file }) => file);
    expect([...new Set(named)].sort()).toEqual(expect.arrayContaining([...places]));
  });

  it("is all that is wrong with the copy: no other complaint stands in for one", () => {
    const others = complaints.filter(({ text }) => !GROWTHS.some(({ name }) => text.includes(name)));
    expect(others).toEqual([]);
  });
});
