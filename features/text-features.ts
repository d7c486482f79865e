import type { Labels } from "../core/features.ts";
import { answerForm, putAnswerFormat } from "./answer-format.ts";
import { putCodeFence } from "./code-fence.ts";
import { putDegeneration } from "./degeneration.ts";
import { languageOf } from "./language.ts";
import { putLength } from "./length.ts";
import { scanLines } from "./line-scan.ts";
import { putManner } from "./manner.ts";
import { putMarkdown } from "./markdown.ts";
import { normaliseText } from "./refusal/normalise.ts";
import { dominantScript, putScript } from "./script.ts";
import { scanText } from "./text-scan.ts";
import type { WrittenFeatures } from "./written-features.ts";

/** The families that need the text alone. */
export interface TextFeatures {
  readonly codeFence: boolean;
  /** The beginning of the text, normalised; see normaliseText. */
  readonly plain: string;
  /** Of this answer alone: the caller may write further families to it. */
  readonly features: WrittenFeatures;
  readonly labels: Labels;
}

/** Measures a text of at most 18 Ki characters, as sampleText() gives it. Linear. */
export const textFeatures = (text: string): TextFeatures => {
  const scan = scanText(text);
  const lines = scanLines(text);
  const plain = normaliseText(text, scan.marks);
  const trimmed = text.trim();
  const script = dominantScript(scan);
  const language = script === null ? null : languageOf(plain, script);
  const features: WrittenFeatures = {};
  putLength(features, scan, lines);
  putAnswerFormat(features, trimmed, lines);
  putCodeFence(features, lines);
  putMarkdown(features, text, lines, scan.marks);
  putManner(features, plain, trimmed, scan);
  putDegeneration(features, scan);
  putScript(features, text, scan);
  return {
    codeFence: lines.fences > 0,
    plain,
    features,
    labels: {
      answer_form: answerForm(trimmed, lines),
      ...(script === null ? {} : { script }),
      ...(language === null ? {} : { language }),
    },
  };
};
