import { LIVES_AS_OF } from "../../agent/models/built-in-lives.ts";
import type { ModelInUse } from "../../agent/models/models-in-use.ts";
import { renderTable } from "./table.ts";

const endText = ({ life }: ModelInUse): string => {
  if (life === null) return "unknown";
  if (life.retires !== null) return life.retires;
  return life.notBefore === null ? "no day announced" : `not before ${life.notBefore}`;
};

const leftText = ({ daysLeft }: ModelInUse): string => {
  if (daysLeft === null) return "–";
  return daysLeft <= 0 ? "RETIRED" : `${daysLeft} d`;
};

const sourceText = ({ life }: ModelInUse): string => {
  if (life === null) return "in no table; a line of agent.models gives it a day (docs/models.md)";
  const seen = life.seen === null ? "" : `, read ${life.seen}`;
  return `${life.source === "" ? life.table : life.source}${seen}`;
};

const rowOf = (each: ModelInUse): readonly string[] => [
  each.model,
  each.provider ?? "–",
  endText(each),
  leftText(each),
  each.calls === null ? "–" : String(each.calls),
  each.documents.join("; ") || "–",
  sourceText(each),
];

const HEAD = ["model", "provider", "retired", "left", "calls", "documents", "says"];

/** Models and when they are retired, as a table; `spans` = whose calls are counted, null where none were to be. */
export const renderModels = (
  all: readonly ModelInUse[],
  spans: { readonly days: number; readonly problem: string | null } | null,
): string => {
  const notes =
    spans === null
      ? []
      : [
          spans.problem === null
            ? `calls: of the last ${spans.days} days`
            : `the spans were not read, so these are the documents' models alone: ${spans.problem}`,
        ];
  const none = all.length === 0 ? ["no model is in use: no document names one, and no call was seen"] : [];
  const table = all.length === 0 ? [] : renderTable(HEAD, all.map(rowOf));
  const asOf = `days are those of the vendors' own APIs, as of ${LIVES_AS_OF}; Azure, Bedrock and Vertex have their own`;
  return `${[...none, ...table, ...notes, asOf].join("\n")}\n`;
};
