import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import { type AnnotationQuery, AnnotationQueryBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import type { LedgerEvent } from "../../core/ledger.ts";
import type { Decision } from "../../core/verdict.ts";
import { ENTRY_TEXT } from "./action-log.ts";
import { clickhouseQuery, DATASOURCE } from "./datasource.ts";
import { eventText, IN_RANGE, isOneOf, ledger, markedAs } from "./sql/ledger-sql.ts";

interface AnnotationSpec {
  readonly name: string;
  readonly color: string;
  /** Which entries of the ledger are marked. */
  readonly where: string;
}

/** Grafana renders an annotation's text as HTML, and reasons name segments that come from production: hence the escaping. */
const annotationSql = (
  where: string,
): string => `SELECT at AS time, encodeXMLComponent(trim(${ENTRY_TEXT})) AS text, type AS tags
FROM ${ledger("at, written, line, type, event", `${IN_RANGE} AND ${where}`)}
ORDER BY at, written, line`;

const KIND = eventText("decision", "kind");

/** What marks a decision; null: nothing does. */
const MARK_OF_DECISION: Readonly<Record<Decision["kind"], "Rollbacks" | "Other decisions" | null>> = {
  rollback: "Rollbacks",
  pause: "Other decisions",
  advance: "Other decisions",
  page: "Other decisions",
  continue: null,
};

/** What marks an entry that is no decision; null: nothing does. */
const MARK_OF_EVENT: Readonly<
  Record<Exclude<LedgerEvent["type"], "decision">, "Commands" | "Flag flips" | "Drains" | null>
> = {
  started: null,
  rehashed: null,
  document: null,
  standing: null,
  verdict: null,
  finding: null,
  command: "Commands",
  "flip-intent": null,
  "flip-result": null,
  "flip-readback": "Flag flips",
  "drain-proven": "Drains",
  "drain-overdue": "Drains",
  "drain-reopened": "Drains",
  approval: null,
  "revision-approval": null,
  triaged: null,
  labelled: null,
  retirement: null,
  "revision-pending": null,
  "revision-gone": null,
  "approval-due": null,
  "drill-started": "Drains",
  "drill-drained": null,
  "drill-ended": null,
  "drill-restored": null,
  notice: null,
  claim: null,
  delivery: null,
  silence: null,
  "silence-ended": null,
};

const ofDecision = (name: "Rollbacks" | "Other decisions", color: string): AnnotationSpec => ({
  name,
  color,
  where: `type = 'decision' AND ${isOneOf(KIND, markedAs(MARK_OF_DECISION, name))}`,
});

const ofEvent = (name: "Commands" | "Flag flips" | "Drains", color: string): AnnotationSpec => ({
  name,
  color,
  where: isOneOf("type", markedAs(MARK_OF_EVENT, name)),
});

const ANNOTATIONS: readonly AnnotationSpec[] = [
  ofDecision("Rollbacks", "red"),
  ofDecision("Other decisions", "yellow"),
  ofEvent("Commands", "purple"),
  ofEvent("Flag flips", "blue"),
  ofEvent("Drains", "green"),
];

/** Marks over every graph: decisions, people's commands, flips and drains, each with its line of the ledger. */
export const annotations = (): Builder<AnnotationQuery>[] =>
  ANNOTATIONS.map(({ name, color, where }) =>
    new AnnotationQueryBuilder()
      .name(name)
      .datasource(DATASOURCE)
      .enable(true)
      .iconColor(color)
      .target(clickhouseQuery("Anno", "table", annotationSql(where))),
  );
