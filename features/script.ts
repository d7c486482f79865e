import { SCRIPTS, type Script } from "./script-of-character.ts";
import type { TextScan } from "./text-scan.ts";
import type { WrittenFeatures } from "./written-features.ts";

const NUMBER_WORDS =
  /\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand|million)\b/i;

const KANA = SCRIPTS.indexOf("kana");

/** Writes the family `script`, but for its labels. `text` is the part of an answer that is looked at. */
export const putScript = (into: WrittenFeatures, text: string, scan: TextScan): void => {
  into.non_ascii_share = scan.chars === 0 ? 0 : scan.nonAscii / scan.chars;
  into.digit_share = scan.chars === 0 ? 0 : scan.digits / scan.chars;
  into.curly_apostrophes = Number(scan.curlyApostrophes > 0);
  into.em_dashes = Number(scan.emDashes > 0);
  into.number_words = Number(NUMBER_WORDS.test(text));
};

/** The script most letters belong to; null without letters. Kana wins over Han, which Japanese uses too. */
export const dominantScript = ({ letters }: TextScan): Script | null => {
  let most = 0;
  for (let at = 1; at < letters.length; at += 1) if ((letters[at] ?? 0) > (letters[most] ?? 0)) most = at;
  const count = letters[most] ?? 0;
  if (count === 0) return null;
  return SCRIPTS[most] === "han" && (letters[KANA] ?? 0) * 10 >= count ? "kana" : (SCRIPTS[most] ?? null);
};
