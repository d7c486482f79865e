import type { SenderClock } from "../../core/collector-stats.ts";
import { lengthText } from "../../core/length-text.ts";
import { stepText } from "./recent-step.ts";
import type { ClockStep } from "./steady-clock.ts";

/** Senders that are named; the others are counted. */
const MAX_NAMED = 5;

const nameOf = ({ service, instance }: SenderClock): string =>
  `${service || "a service without a name"}${instance === "" ? "" : ` (${instance})`}`;

const skewText = (sender: SenderClock): string =>
  `${nameOf(sender)} ${lengthText(Math.abs(sender.skewMs))} ${sender.skewMs > 0 ? "ahead" : "behind"}`;

/** Calls that come in late by less are a matter of exporters, not of a person. */
const LATE_MS = 60_000;

const lateText = (sender: SenderClock): string => `${nameOf(sender)} ${lengthText(-sender.skewMs)}`;

const namedText = (senders: readonly SenderClock[], text: (sender: SenderClock) => string): string => {
  const worst = [...senders].sort((a, b) => Math.abs(b.skewMs) - Math.abs(a.skewMs));
  const more = worst.length > MAX_NAMED ? ` and ${worst.length - MAX_NAMED} more` : "";
  return `${worst.slice(0, MAX_NAMED).map(text).join(", ")}${more}`;
};

const sendersText = (senders: readonly SenderClock[]): readonly string[] => {
  const wrong = senders.filter(({ calls }) => calls > 0);
  const late = senders.filter(({ calls, skewMs }) => calls === 0 && skewMs <= -LATE_MS);
  return [
    ...(wrong.length === 0
      ? []
      : [
          `wrong clocks: ${namedText(wrong, skewText)}; their calls are judged when they arrive; see that they keep their time (NTP)`,
        ]),
    ...(late.length === 0
      ? []
      : [
          `clocks that are behind, or calls that are held: all calls come in late from ${namedText(late, lateText)}; they are judged late, and a rollback is proven later; see that they keep their time (NTP), and what lies between`,
        ]),
  ];
};

/** What was seen of the clocks. */
export interface ClocksSeen {
  /** The newest step of the agent's machine; null for none that is news. */
  readonly step: ClockStep | null;
  /** What is wrong with the store's clock; null for nothing. */
  readonly store: string | null;
  readonly senders: readonly SenderClock[];
}

/** What is wrong with the clocks, one line each: the agent's own, the store's, and those of who sends calls. */
export const clockProblems = ({ step, store, senders }: ClocksSeen): readonly string[] => [
  ...(step === null ? [] : [stepText(step)]),
  ...(store === null ? [] : [store]),
  ...sendersText(senders),
];
