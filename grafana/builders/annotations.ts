import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import { type AnnotationQuery, AnnotationQueryBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { ENTRY_TEXT } from "./action-log.ts";
import { clickhouseQuery, DATASOURCE } from "./datasource.ts";
import { eventText, IN_RANGE, ledger } from "./sql/ledger-sql.ts";

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

const ANNOTATIONS: readonly AnnotationSpec[] = [
  { name: "Rollbacks", color: "red", where: `type = 'decision' AND ${KIND} = 'rollback'` },
  { name: "Other decisions", color: "yellow", where: `type = 'decision' AND ${KIND} IN ('pause', 'advance', 'page')` },
  { name: "Commands", color: "purple", where: "type = 'command'" },
  { name: "Flag flips", color: "blue", where: "type = 'flip-readback'" },
  { name: "Drains", color: "green", where: "type IN ('drain-proven', 'drain-overdue')" },
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
