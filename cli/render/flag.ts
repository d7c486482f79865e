import type { FlagReport, FlagVariant } from "../../alerts/flags/flag-target.ts";
import { utcStamp } from "../../core/utc-text.ts";
import { exposureText } from "../../lifecycle/exposure-text.ts";
import type { FlagView } from "../../status/flag-view.ts";

type Row = readonly [label: string, text: string];

const variantText = ({ arm, name, value }: FlagVariant): string =>
  `${arm}: ${name}${value === null ? "" : ` = ${value}`}`;

const yesNo = (answer: boolean | null): string => (answer === null ? "not known" : answer ? "yes" : "NO");

const reportRows = ({ state, variants, mayWrite, mayWriteBecause, facts }: FlagReport): readonly Row[] => [
  ["serves", `${exposureText(state)} to the candidate; ${state.enabled ? "on" : "off"}; revision ${state.revision}`],
  ...variants.map((variant): Row => ["variant", variantText(variant)]),
  ...(variants.length === 0 ? [["variant", "none that is an arm's"] as const] : []),
  ["writable", `${yesNo(mayWrite)}${mayWriteBecause === "" ? "" : `: ${mayWriteBecause}`}`],
  ...facts.map(([label, value]): Row => [label.toLowerCase(), value]),
];

/** `leeway flag` for people; `by` says who asked the flag system. */
export const renderFlag = (view: FlagView, by: string): string => {
  const { wanted, report, agrees } = view;
  const rows: readonly Row[] = [
    ...(report === null ? [["serves", "not known"] as const] : reportRows(report)),
    [
      "wanted",
      wanted.share === null ? "not known" : `${exposureText({ ...wanted, share: wanted.share })}: ${wanted.because}`,
    ],
    ["agrees", yesNo(agrees)],
    ["rollback", view.rollback],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return [
    `${view.migration}: flag ${view.flag} on ${view.target}, asked by ${by} at ${utcStamp(view.at)}`,
    ...rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}`),
    ...view.problems.map((problem) => `  PROBLEM: ${problem}`),
    ...view.unknown.map((what) => `  NOT KNOWN: ${what}`),
  ].join("\n");
};
