import { type Notice, SECTION_HEADINGS } from "../core/notice.ts";

/** A part of a summary with its heading in front: `Do now: …`. What happened stands under the title and needs none. */
export const sectionText = ([heading, text]: Notice["sections"][number]): string =>
  heading === SECTION_HEADINGS.happened ? text : `${heading}: ${text}`;
