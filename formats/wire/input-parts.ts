import { isRecord } from "../../features/is-record.ts";
import { listOf, textOf } from "../json/read-json.ts";

const MODALITIES = ["image", "audio", "video", "file", "document"];

/**
 * Counts the parts of messages that are not text, by modality. A part is of the modality its `type` names: `image_url`
 * and `input_image` are images, `input_audio` is audio. Looks into the `content` lists of messages and no deeper.
 */
export const countInputParts = (messages: unknown): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const message of listOf(messages)) {
    for (const part of listOf(isRecord(message) ? message.content : null)) {
      const type = isRecord(part) ? textOf(part.type) : "";
      const modality = MODALITIES.find((name) => type.includes(name));
      if (modality !== undefined) counts[modality] = (counts[modality] ?? 0) + 1;
    }
  }
  return counts;
};
