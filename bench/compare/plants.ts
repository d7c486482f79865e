import type { AnswerRecord } from "../../agent/compare/record.ts";

/** A change of one answer that a reader would see, and what has to be named for it. */
export interface Plant {
  readonly name: string;
  readonly apply: (text: string) => string;
  readonly named: readonly string[];
}

/** Changes of the kinds that new versions of a model bring. */
export const PLANTS: readonly Plant[] = [
  { name: "bold", apply: (text) => text.replace(/\b(\w{4,})\b/, "**$1**"), named: ["bold"] },
  { name: "preamble", apply: (text) => `Sure! ${text}`, named: ["preamble"] },
  {
    name: "closing offer",
    apply: (text) => `${text}\n\nLet me know if you need anything else!`,
    named: ["closing_offer"],
  },
  { name: "code fence", apply: (text) => `\`\`\`\n${text}\n\`\`\``, named: ["code_fence", "starts_with_fence"] },
];

const MARKER = "planted";

/** The answers with the change in this share of them, at random; those chosen carry it and no other mark. */
export const planted = (
  records: readonly AnswerRecord[],
  { apply }: Plant,
  share: number,
  random: () => number,
): readonly AnswerRecord[] =>
  records.map((record) => (random() < share ? { ...record, output: apply(record.output ?? MARKER) } : record));
