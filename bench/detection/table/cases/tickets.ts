import { rates, type Stream } from "../../streams/stream.ts";
import { twoRatesBound } from "../bounds.ts";
import type { Case } from "../case.ts";
import { rateMoments, rateOf } from "./measures.ts";
import { constant, ROLLBACK, ruleOf, section } from "./section.ts";

const ratioRule = ruleOf({ signal: "support_tickets", limit: "15%", unit: "relative", direction: "increase" });
const tickets = (canary: number): Stream => rates("support_tickets", constant(canary), constant(0.02));
const fifteen = { ratio: 1.15, delta: 0 };
/** C. Ratio of rare events. */
export const ticketCases: readonly Case[] = section(
  "C. tickets, at most 15% more",
  ratioRule,
  { value: rateOf, moments: rateMoments, threshold: 0.023, margin: fifteen },
  [
    { name: "2% in both arms", stream: tickets(0.02), asked: "no alarm", runs: 100 },
    { name: "2% and 2.3%, exactly 15%", stream: tickets(0.023), asked: "no alarm", runs: 100 },
    {
      name: "2% to 3%",
      stream: tickets(0.03),
      asked: "alarm",
      runs: 150,
      bound: twoRatesBound(ROLLBACK, 0.03, 0.02, fifteen),
    },
    {
      name: "2% to 4%",
      stream: tickets(0.04),
      asked: "alarm",
      runs: 300,
      bound: twoRatesBound(ROLLBACK, 0.04, 0.02, fifteen),
    },
  ],
);
