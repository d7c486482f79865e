import { listOf, objectOf, textOf } from "../json/read-json.ts";

const MODALITIES = ["image", "audio", "video", "file", "document"];

/** How often each modality is there; undefined is none. */
export const countModalities = (found: readonly (string | undefined)[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const modality of found) if (modality !== undefined) counts[modality] = (counts[modality] ?? 0) + 1;
  return counts;
};

const modalityOf = (part: unknown): string | undefined => {
  const type = textOf(objectOf(part).type);
  return MODALITIES.find((name) => type.includes(name));
};

/**
 * Counts the parts of messages that are not text, by modality. A part is of the modality its `type` names: `image_url`
 * and `input_image` are images, `input_audio` is audio. Looks into the `content` lists of messages and no deeper.
 */
export const countInputParts = (messages: unknown): Readonly<Record<string, number>> =>
  countModalities(
    listOf(messages)
      .flatMap((message) => listOf(objectOf(message).content))
      .map(modalityOf),
  );
