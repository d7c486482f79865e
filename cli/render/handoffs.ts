import type { ArmHandoffs } from "../../core/handoff.ts";
import {
  HANDOFF_COLUMNS,
  handoffRow,
  movedText,
  namelessText,
  noHandoffText,
  unmarkedText,
} from "../../core/handoff-text.ts";
import type { HandoffsView } from "../../status/handoffs-view.ts";
import { renderTable } from "./table.ts";

const armLines = (arm: ArmHandoffs): readonly string[] => {
  const without = namelessText(arm);
  const rows = arm.conversations === 0 ? [] : arm.effects.map(handoffRow);
  return [
    `hand-offs: ${movedText(arm)}`,
    ...(rows.length === 0 ? [] : renderTable(HANDOFF_COLUMNS, rows).map((line) => `  ${line}`)),
    ...(without === "" ? [] : [`  left out   ${without}`]),
  ];
};

/** What a change of the arm does to a conversation's first turns, as a table for each arm that some were moved to. */
export const renderHandoffs = ({ handoffs, problem }: HandoffsView): readonly string[] => {
  if (handoffs === null) return [`hand-offs: not known: ${problem}`, ""];
  const { arms } = handoffs;
  const unmarked = unmarkedText(handoffs);
  return [
    ...(arms.length === 0 && unmarked === "" ? [`hand-offs: ${noHandoffText(handoffs)}`] : arms.flatMap(armLines)),
    ...(unmarked === "" ? [] : [`hand-offs: ${unmarked}`]),
    "",
  ];
};
