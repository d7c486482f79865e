import type { AskedFor } from "../../features/answer.ts";
import { outputFeatures } from "../../features/output-features.ts";
import { median } from "./quantile.ts";

const PROSE =
  "You can change the address in your account settings, and the next invoice will show it. Orders that are already on " +
  "their way keep the old one; please check the tracking page first, then contact our team if the parcel is late. ";
const MARKDOWN =
  "## Steps\n\n1. **Open** the [settings](https://example.com)\n2. Choose `address`\n\n| a | b |\n| - | - |\n- done\n\n";
const RUSSIAN = "Вы можете изменить адрес в настройках, и следующий счёт будет выписан на него. Спасибо за терпение! ";
const JAPANESE = "設定で住所を変更できます。次の請求書から反映されます。ご不便をおかけして申し訳ございません。";
const ITEM = '{"id":1042,"name":"parcel","tags":["late","paid"],"address":{"city":"Oslo","zip":null}},';

const TEXT: AskedFor = { json: false, tools: [] };
const SCHEMA = {
  type: "array",
  items: { type: "object", properties: { id: { type: "integer" }, name: { type: "string" } }, required: ["id"] },
};

const filled = (text: string, chars: number): string => text.repeat(Math.ceil(chars / text.length)).slice(0, chars);
const jsonOf = (chars: number): string => `[${ITEM.repeat(Math.ceil(chars / ITEM.length)).slice(0, -1)}]`;

const CASES: readonly (readonly [name: string, text: string, asked: AskedFor])[] = [
  ["prose, 1 KB", filled(PROSE, 1024), TEXT],
  ["prose, 4 KB", filled(PROSE, 4096), TEXT],
  ["prose, 16 KB", filled(PROSE, 16_384), TEXT],
  ["prose, 256 KB", filled(PROSE, 262_144), TEXT],
  ["Markdown, 4 KB", filled(MARKDOWN, 4096), TEXT],
  ["Russian, 4 KB", filled(RUSSIAN, 4096), TEXT],
  ["Japanese, 4 KB", filled(JAPANESE, 4096), TEXT],
  ["JSON with schema, 4 KB", jsonOf(4096), { json: true, schema: SCHEMA, tools: [] }],
];

/** Inputs that make careless patterns slow: one thing over and over, 100 KB of it. */
const ODD: readonly string[] = [
  ..." \n\ta.,!?'\"`*_#-|()[]{}<>\\0$é“’—…",
  ...["\u00a0", "\u200b", "\ud83d\ude00", "\ud800", "漢", "م", "```\n", "~~~", "* ", "# ", "| a ", "a\n", "\r\n", "> "],
  ...[
    "I'm sorry ",
    "can't ",
    "I cannot help but ",
    "as an AI ",
    "sorry to hear ",
    "1. ",
    "- [ ] ",
    "[a](",
    "**",
    "(((",
  ],
  ...["<div>", "&amp;", "http://", "aA", "ab", "a b ", "no no ", '{"a":', "[[", '"\\u0000', "\\\\"],
];

const run = (text: string, asked: AskedFor): number => {
  const answer = { text, chars: text.length, refusal: null, finishReason: "stop", toolCalls: [] };
  const start = performance.now();
  outputFeatures(answer, asked);
  return performance.now() - start;
};

const timesOf = (text: string, asked: AskedFor, rounds: number): number[] =>
  Array.from({ length: rounds }, () => run(text, asked));

/** What the output features cost. */
export interface FeatureCosts {
  readonly sizes: readonly { readonly name: string; readonly usPerKb: number }[];
  readonly worst: { readonly name: string; readonly ms: number };
}

/** Us per KB (1024 characters) of ordinary answers, and the slowest of the odd inputs, as JSON and as text. */
export const measureFeatures = (rounds: number): FeatureCosts => {
  for (const [, text, asked] of CASES) timesOf(text.slice(0, 4096), asked, 200);
  const sizes = CASES.map(([name, text, asked]) => ({
    name,
    usPerKb: (median(timesOf(text, asked, rounds)) * 1000) / (text.length / 1024),
  }));
  const odd = ODD.flatMap((piece) =>
    [false, true].map((json) => {
      const text = filled(piece, 100_000);
      // The best of three: a pause of the machine is not the input's fault.
      const ms = Math.min(...timesOf(text, { ...TEXT, json }, 3));
      return { name: `${JSON.stringify(piece)} over and over${json ? ", asked for JSON" : ""}`, ms };
    }),
  );
  const worst = odd.reduce((slowest, one) => (one.ms > slowest.ms ? one : slowest));
  return { sizes, worst };
};
