import type { Features } from "../core/features.ts";
import type { Script, TextScan } from "./text-scan.ts";

const NUMBER_WORDS =
  /\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|million)\b/i;

/** The family `script`, but for its labels. `text` is the part of an answer that is looked at. */
export const scriptFeatures = (text: string, scan: TextScan): Features => ({
  non_ascii_share: scan.chars === 0 ? 0 : scan.nonAscii / scan.chars,
  digit_share: scan.chars === 0 ? 0 : scan.digits / scan.chars,
  curly_apostrophes: Number(scan.curlyApostrophes > 0),
  em_dashes: Number(scan.emDashes > 0),
  number_words: Number(NUMBER_WORDS.test(text)),
});

/** The script most letters belong to; null without letters. Kana wins over Han, which Japanese uses too. */
export const dominantScript = ({ scripts }: TextScan): Script | null => {
  const [first] = [...scripts].sort((a, b) => b[1] - a[1]);
  if (first === undefined) return null;
  const kana = scripts.get("kana") ?? 0;
  return first[0] === "han" && kana * 10 >= first[1] ? "kana" : first[0];
};
