import { type ReasonText, UNDECIDED_REASONS } from "../core/undecided-reasons.ts";
import type { NewsDue } from "../lifecycle/news.ts";
import type { Draft } from "./notice-draft.ts";

const sentence = (text: string): string => `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}.`;

/** The doubt a page is about, by its topic or by the advice it ends with; null for a page about something else. */
const doubtOf = (topic: string, reason: string): ReasonText | null => {
  const known = Object.entries(UNDECIDED_REASONS);
  const found = known.find(([name, { advice }]) => topic.startsWith(`${name}:`) || reason.endsWith(advice));
  return found?.[1] ?? null;
};

/** Behind what was seen a reason says what it means for the ramp and what to do: that has its own headings here. */
const withoutAdvice = (reason: string, { advice }: ReasonText): string =>
  (reason.endsWith(advice) ? reason.slice(0, -advice.length) : reason).replace(
    /[;:,\s]*(?:nothing is promoted on such data)?[;:,\s]*$/,
    "",
  );

/**
 * The words of a page: of a doubt about the data what it means and what to do about it, of anything else its reason; and
 * that it is over.
 */
export const pageWords = (
  name: string,
  { topic, reason, over }: Omit<Extract<NewsDue, { readonly kind: "page" }>, "kind">,
): Pick<Draft, "title" | "summary" | "done" | "next" | "severity" | "phase"> => {
  if (over !== undefined) {
    const standing = { severity: "info", phase: over === "all" ? "resolve" : "update" } as const;
    return { ...standing, title: `${name}: ${reason}`, summary: [`${reason}.`], next: ["Nothing."] };
  }
  const look = `How it stands: \`leeway status\`, and \`leeway explain ${name}\`.`;
  const doubt = doubtOf(topic, reason);
  // It may begin with a rule's name, which stays as it is.
  if (doubt === null) return { title: `${name}: ${reason}`, summary: [`${reason}.`], next: [look] };
  return {
    title: `${name}: ${doubt.meaning}`,
    summary: [sentence(withoutAdvice(reason, doubt))],
    done: ["Nothing is promoted on such data. Rules go on being judged, and a breach is acted on as ever."],
    next: [sentence(doubt.advice), look],
  };
};
