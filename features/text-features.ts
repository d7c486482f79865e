import type { Features, Labels } from "../core/features.ts";
import { answerForm, answerFormatFeatures } from "./answer-format.ts";
import { codeFenceFeatures } from "./code-fence.ts";
import { degenerationFeatures } from "./degeneration.ts";
import { languageOf } from "./language.ts";
import { lengthFeatures } from "./length.ts";
import { scanLines } from "./line-scan.ts";
import { mannerFeatures } from "./manner.ts";
import { markdownFeatures } from "./markdown.ts";
import { normaliseText } from "./refusal/normalise.ts";
import { dominantScript, scriptFeatures } from "./script.ts";
import { scanText } from "./text-scan.ts";

/** The families that need the text alone. */
export interface TextFeatures {
  readonly codeFence: boolean;
  /** The beginning of the text, normalised; see normaliseText. */
  readonly plain: string;
  readonly features: Features;
  readonly labels: Labels;
}

/** Measures a text of at most 18 Ki characters. Linear. */
export const textFeatures = (text: string): TextFeatures => {
  const scan = scanText(text);
  const lines = scanLines(text);
  const plain = normaliseText(text);
  const trimmed = text.trim();
  const script = dominantScript(scan);
  const language = languageOf(plain, scan);
  return {
    codeFence: lines.fences > 0,
    plain,
    features: {
      ...lengthFeatures(scan, lines),
      ...answerFormatFeatures(trimmed, lines),
      ...codeFenceFeatures(lines),
      ...markdownFeatures(text, lines),
      ...mannerFeatures(plain, trimmed, scan),
      ...degenerationFeatures(text, scan),
      ...scriptFeatures(text, scan),
    },
    labels: {
      answer_form: answerForm(trimmed, lines),
      ...(script === null ? {} : { script }),
      ...(language === null ? {} : { language }),
    },
  };
};
