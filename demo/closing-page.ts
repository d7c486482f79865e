import { plural } from "../cli/plural.ts";
import { renderTable } from "../cli/render/table.ts";
import { tableFigure } from "../core/figure.ts";
import { logEText } from "../core/log-e-text.ts";
import type { Verdict } from "../core/verdict.ts";
import { describeEntry } from "../status/describe-entry.ts";
import { WIDTH, wrap } from "./narrator.ts";
import type { DemoDocument, DemoReport } from "./report.ts";

const INDENT = "  ";

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ["", title, ...lines.map((line) => `${INDENT}${line}`)];

const verdictRow = ({ explanation }: DemoReport, verdict: Verdict): readonly string[] => {
  const { outcome, rule, evidence } = verdict;
  const unit = explanation.rules.find(({ id }) => id === rule)?.unit ?? "";
  return [
    outcome === "breach" ? "BREACH" : outcome,
    rule,
    tableFigure(evidence.value.canary, unit),
    tableFigure(evidence.value.baseline, unit),
    tableFigure(evidence.limit, unit),
    String(evidence.n.canary),
    logEText(evidence),
  ];
};

const COLUMNS = ["verdict", "rule", "canary", "baseline", "limit", "canary calls", "log e-value"];

const verdictLines = (story: DemoReport): readonly string[] => {
  const judgement = story.explanation.decidedOn ?? story.explanation.judgement;
  return renderTable(
    COLUMNS,
    (judgement?.verdicts ?? []).map((verdict) => verdictRow(story, verdict)),
  );
};

const ledgerLines = ({ explanation }: DemoReport): readonly string[] =>
  explanation.ledger.flatMap((entry) => {
    // One agent runs here: that each try is its own is no news.
    if (entry.event.type === "claim") return [];
    const head = `${new Date(entry.at).toISOString().slice(11, 23)}  ${entry.by.padEnd(6)} `;
    const lines = wrap(describeEntry(entry), WIDTH - INDENT.length - head.length);
    return lines.map((line, i) => `${i === 0 ? head : " ".repeat(head.length)}${line}`);
  });

/** The message of the rollback as people got it. */
const messageLines = ({ message }: DemoReport): readonly string[] =>
  message === null
    ? []
    : [message.title, ...wrap(message.summary, WIDTH - 2 * INDENT.length)].map((line) => `| ${line}`);

const noticeText = ({ notifications, refusedNotices }: DemoDocument): string => {
  const by = (channel: string): number => notifications.filter((each) => each.channel === channel).length;
  return `${by("webhook")} by signed webhook, ${by("slack")} to Slack; ${refusedNotices} refused by their receivers`;
};

const seconds = (value: number): string => `${value.toFixed(value < 1 ? 3 : 1)} s`;

const rollbackFigures = ({
  seconds: took,
  detection,
  canaryCallsAfterDrain,
}: DemoDocument): readonly (readonly [string, string])[] =>
  took === null || detection === null
    ? []
    : [
        [
          "first failed call to decision",
          `${seconds(took.onsetToDecision)}, ${plural(detection.calls, "canary call")}`,
        ],
        ["decision to flag flipped", seconds(took.decisionToFlip)],
        ["flip to last canary call", took.flipToDrain === 0 ? "none came" : seconds(took.flipToDrain)],
        ["flip to proof from the spans", seconds(took.flipToProof)],
        ["canary calls after the proof", String(canaryCallsAfterDrain)],
      ];

const OUTCOME: Readonly<Record<DemoReport["outcome"], string>> = {
  "rolled-back": "the candidate failed; rolled back, drained, told",
  healthy: "the candidate was healthy; no rollback, nothing fired",
  "stopped-in-shadow": "the candidate was stopped in the shadow; no user met it",
  "false-alarm": "SOMETHING FIRED ALTHOUGH NOTHING WAS WRONG",
};

const figureLines = (story: DemoReport, document: DemoDocument): readonly string[] => {
  const calls = story.status.migrations[0]?.calls ?? null;
  const seen =
    calls === null ? "unknown" : `${calls.canary + calls.baseline}, of them ${calls.canary} on the candidate`;
  const figures: readonly (readonly [string, string])[] = [
    ["outcome", OUTCOME[document.outcome]],
    ["calls seen", seen],
    ["in the shadow", `${plural(document.shadow.pairs, "pair")}, ${plural(document.shadow.regressions, "regression")}`],
    ...rollbackFigures(document),
    ["notices", noticeText(document)],
  ];
  return figures.map(([label, value]) => `${label.padEnd(29)} ${value}`);
};

/** What the demo prints for people at its end; the essential numbers come last. */
export const renderClosingPage = (story: DemoReport, document: DemoDocument): string =>
  `${[
    ...section(story.rollback === null ? "Where the rules stand" : "What it was decided on", verdictLines(story)),
    ...section("What people were told", messageLines(story)),
    ...section("The ledger (UTC)", ledgerLines(story)),
    ...section("In short", figureLines(story, document)),
  ].join("\n")}\n`;
