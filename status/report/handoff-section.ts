import type { ArmHandoffs } from "../../core/handoff.ts";
import {
  HANDOFF_COLUMNS,
  handoffRow,
  movedText,
  namelessText,
  noHandoffText,
  unmarkedText,
} from "../../core/handoff-text.ts";
import type { HandoffsView } from "../handoffs-view.ts";
import type { Report } from "./report.ts";
import { type Block, type Section, tableOf } from "./section.ts";

const said = (text: string): Block => ({ kind: "text", text });

const armBlocks = (arm: ArmHandoffs): readonly Block[] => [
  said(`${movedText(arm)}.`),
  ...(arm.conversations === 0 ? [] : tableOf(HANDOFF_COLUMNS, arm.effects.map(handoffRow), "")),
  ...(arm.nameless === 0 ? [] : [said(`Left out: ${namelessText(arm)}.`)]),
];

const measured = ({ handoffs, problem }: HandoffsView): readonly Block[] => {
  if (handoffs === null) return [said(`Not measured: ${problem}.`)];
  const { arms, unmarked } = handoffs;
  if (arms.length === 0 && unmarked === 0) return [said(`Hand-offs: ${noHandoffText(handoffs)}.`)];
  return [...arms.flatMap(armBlocks), ...(unmarked === 0 ? [] : [said(`${unmarkedText(handoffs)}.`)])];
};

/** What a change of the arm did to conversations, by their first turns after it. */
export const handoffSection = ({ handoffs }: Report): Section => ({
  id: "handoffs",
  title: "Conversations that changed hands",
  blocks: [
    said(
      "First turns after a move to another arm, beside later turns of conversations that were never moved, in the stage it stands at or was rolled back from.",
    ),
    ...(handoffs === null ? [said("Not measured.")] : measured(handoffs)),
  ],
});
