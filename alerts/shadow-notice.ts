import type { Notice } from "../core/notice.ts";
import { modelFacts } from "./cause-text.ts";
import { finishNotice, type NoticeContext, scopeOf } from "./notice-draft.ts";

/** `pause`: answers of the shadow are proven to be worse than the document allows. Id: `<scope>/pause/shadow/<at>`. */
export const shadowStoppedNotice = (context: NoticeContext, { reason }: { readonly reason: string }): Notice => {
  const { name, candidate } = context.migration;
  return finishNotice(context, {
    type: "pause",
    id: `${scopeOf(context)}/pause/shadow/${context.at}`,
    title: `Paused ${name} in shadow: ${candidate.model} answers worse than its document allows`,
    summary: [`${reason}.`],
    done: ["No user met the candidate. It is asked nothing more; the baseline answers everything, as before."],
    proof: [
      "A time-uniform bound over pairs of answers to the same requests: `leeway pairs` shows what it is made of.",
    ],
    next: [
      `Look at what differs: \`leeway pairs ${name}\`. What is as it should be is accepted with \`leeway accept ${name} <cluster>\`.`,
      `\`leeway resume ${name}\` goes on asking; \`leeway abandon ${name}\` gives the migration up.`,
    ],
    facts: modelFacts(context.migration),
  });
};
