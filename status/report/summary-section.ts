import { lengthText } from "../../core/length-text.ts";
import { type ModelConfiguration, shortHash } from "../../core/migration.ts";
import { utcSecond } from "../../core/utc-text.ts";
import { whyText } from "../../core/why.ts";
import { STANDING_TEXT } from "../standing-text.ts";
import type { Report, RevisionRecord } from "./report.ts";
import { type Block, listOf, type Section, tableOf } from "./section.ts";

/** A model configuration in words: `gpt-5 (openai), prompt support 42`. */
export const configurationText = ({ model, provider, prompt }: ModelConfiguration): string =>
  `${model}${provider === null ? "" : ` (${provider})`}${prompt === null ? "" : `, prompt ${prompt.name} ${prompt.version}`}`;

/** `2026-11-20 02:14:09`, or that it is not on record. */
export const momentOr = (at: number | null, otherwise = "not on record"): string =>
  at === null ? otherwise : utcSecond(at);

const headline = ({ standing }: Report): string =>
  standing === "not-started" ? "Not started" : STANDING_TEXT[standing].headline;

/** Where it stands, what it was about, and where the record is not whole. */
export const summarySection = (report: Report): Section => {
  const { document, startedAt, at, incidents, people, entries, lives } = report;
  return {
    id: "summary",
    title: "In short",
    blocks: [
      { kind: "text", text: headline(report) },
      {
        kind: "facts",
        pairs: [
          ["from", document === null ? "unknown" : configurationText(document.baseline)],
          ["to", document === null ? "unknown" : configurationText(document.candidate)],
          ["why", document?.why === undefined ? "not written down" : whyText(document.why)],
          ["owner", document?.owner ?? "unknown"],
          ["approvers", document === null ? "unknown" : document.approvers.join(", ") || "none named"],
          ["started", momentOr(startedAt, "not started")],
          ["lasted so far", startedAt === null ? "–" : lengthText(Math.max(0, at - startedAt))],
          ["begun anew", lives > 1 ? `${lives - 1} times, after a rollback` : "never"],
          ["rollbacks", String(incidents.length)],
          ["people's decisions", String(people.length)],
          ["entries of the ledger", String(entries)],
          ["made", `${utcSecond(at)} UTC`],
        ],
      },
      ...(report.remarks.length === 0 ? [] : listOf(report.remarks, "")),
    ],
  };
};

/** What a revision that a person took up changed, limits first. */
const changeBlocks = ({ at, by, reason, differences }: RevisionRecord): readonly Block[] => {
  if (differences?.length === 0) return [];
  return [
    { kind: "heading", text: `Revision of ${utcSecond(at)} UTC` },
    { kind: "text", text: `${by}: ${reason}` },
    ...(differences === null
      ? [
          {
            kind: "text",
            text: "What it changed is not on record: the text of a document before or after it is not.",
          } as const,
        ]
      : listOf(
          differences.map(({ effect, text }) => `${effect}: ${text}`),
          "",
        )),
  ];
};

/** The document: what it was and when which version of it came into force. */
export const planSection = ({ document, revisions }: Report): Section => ({
  id: "plan",
  title: "Plan and revisions",
  blocks: [
    ...(document === null
      ? []
      : [
          {
            kind: "facts",
            pairs: [
              ["document", shortHash(document.hash, 12)],
              ["flag", `${document.route.flag} (${document.route.target})`],
              [
                "calls",
                [document.match.service, document.match.operation].filter((each) => each !== null).join(", ") || "all",
              ],
              ["segments", document.segments.join(", ") || "none"],
            ],
          } as const,
        ]),
    ...tableOf(
      ["time (UTC)", "who", "what"],
      revisions.map(({ at, by, text }) => [utcSecond(at), by, text]),
      "No document has come into force: it has not started.",
    ),
    ...revisions.flatMap(changeBlocks),
  ],
});
