import { printableLine } from "../../core/printable.ts";
import type { PairContentView, PairSideView } from "../../status/content-view.ts";
import { messagesText } from "../../status/messages-text.ts";
import { sideBySide } from "./side-by-side.ts";

const WHY: Readonly<Record<Exclude<PairSideView["state"], "there">, string>> = {
  absent:
    "(no content came of this side: its app puts none on its spans, or it was too long; leeway status counts that)",
  expired: "(its content is no longer kept: its time is up)",
};

const cutOf = (names: readonly string[]): string =>
  names.length === 0 ? "" : `\n(shortened by the app: ${names.join(", ")})`;

const textOf = (side: PairSideView): string =>
  side.state === "there"
    ? `${messagesText(side.output, false) || "(no answer)"}${cutOf(side.truncated)}`
    : WHY[side.state];

const askedOf = (side: PairSideView): readonly string[] =>
  side.state === "there"
    ? messagesText(
        [...(side.system.length > 0 ? [{ role: "system", parts: side.system }] : []), ...side.messages],
        true,
      )
        .split("\n")
        .map((line) => `    ${printableLine(line)}`)
    : [`    ${WHY[side.state]}`];

/** What was asked, and both answers side by side in `width` columns. */
export const renderPairContent = (view: PairContentView, width: number): readonly string[] => [
  "  asked:",
  ...askedOf(view.served),
  "",
  ...sideBySide(
    { title: `served: ${view.servedModel}`, text: textOf(view.served) },
    { title: `second: ${view.secondModel}`, text: textOf(view.second) },
    width,
    view.served.state === "there" && view.second.state === "there",
  ),
];
