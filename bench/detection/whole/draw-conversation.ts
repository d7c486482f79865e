import { ABSENT, CALL_SIGNALS, GRID, signalIndex } from "./call-signals.ts";
import type { ConversationPool } from "./conversation-pool.ts";
import { CONVERSATION, INCIDENTS, INPUT_TYPES, LANGUAGES, LATE, loadShiftAt, TICKET_SHARE } from "./healthy-app.ts";
import { BUCKETS, type LikenessWindow } from "./likeness-window.ts";
import type { TickCells } from "./tick-cells.ts";

/** What befalls both arms alike in an hour. */
export type Weather = "calm" | "slow" | "failing";

/** The tick in which conversations begin, and what they meet. */
export interface Setting {
  /** Start of the tick, minutes since the start of the run. */
  readonly minute: number;
  readonly minutes: number;
  /** Share of new conversations that the flag gives the candidate. */
  readonly share: number;
  readonly weatherAt: (minute: number) => Weather;
  /** Share of the canary's calls that fail for a reason of its own; 0 for equal arms. */
  readonly canaryFailures: number;
  /** Share of the input types, cumulated. */
  readonly typesUpTo: readonly number[];
  /** Has `count` add to the cells of the tick in which `minute` lies: this one, or one that is still to come. */
  readonly at: (minute: number, count: (cells: TickCells) => void) => void;
  readonly likeness: LikenessWindow;
}

const CANARY = 0;
const TICKET_DELAY_MINUTES = 60;
const [ERROR, LATENCY, TTFT, TICKETS] = [
  signalIndex("error"),
  signalIndex("latency_ms"),
  signalIndex("ttft_ms"),
  signalIndex("support_tickets"),
];
const WIDTH = CALL_SIGNALS.length;
const [FIRST_LANGUAGE, ENGLISH] = [1 + INPUT_TYPES.length, LANGUAGES[0]?.share ?? 1];

/** Arm and segments (indices) of a conversation. */
interface Talk {
  readonly arm: number;
  readonly type: number;
  readonly language: number;
  /** See Setting.canaryFailures. */
  readonly failures: number;
}

/** Draws the conversations of a run: a function that draws one that begins in the setting's tick. */
export const createConversations = (
  random: () => number,
  { perType, firstCall, bins }: ConversationPool,
): ((setting: Setting) => void) => {
  const fails = (call: number, weather: Weather, talk: Talk): boolean => {
    if (talk.arm === CANARY && talk.failures > 0 && random() < talk.failures) return true;
    return weather === "failing" ? random() < INCIDENTS.errorRate : bins[call * WIDTH + ERROR] === 1;
  };
  const countCall = (cells: TickCells, call: number, minute: number, weather: Weather, talk: Talk): void => {
    const { arm, type, language } = talk;
    const isError = fails(call, weather, talk);
    cells.call(arm, type, language);
    cells.add(ERROR, arm, type, language, isError ? 1 : 0);
    if (isError) return;
    const slower = Math.round((loadShiftAt(minute) + (weather === "slow" ? INCIDENTS.slowBuckets : 0)) / GRID);
    for (let s = ERROR + 1; s < TICKETS; s++) {
      const bin = bins[call * WIDTH + s] ?? ABSENT;
      const isTime = s === LATENCY || s === TTFT;
      if (bin !== ABSENT) cells.add(s, arm, type, language, isTime ? bin + slower : bin);
    }
  };

  /**
   * Every call goes into the tick in which it becomes known: conversations go on for minutes, some spans are late, and
   * whether there was a ticket is known an hour after the call.
   */
  return (setting) => {
    const at = random();
    const type = setting.typesUpTo.findIndex((upTo) => at < upTo);
    const talk = type * perType + Math.floor(random() * perType);
    const arm = random() < setting.share ? CANARY : 1;
    const language = FIRST_LANGUAGE + (random() < ENGLISH ? 0 : 1);
    const where = { arm, type: 1 + type, language, failures: setting.canaryFailures };
    const lateShare = setting.weatherAt(setting.minute) === "calm" ? LATE.share : 3 * LATE.share;
    const late = random() < lateShare ? 1 + Math.floor(random() * LATE.most) : 0;
    const isTicket = random() < TICKET_SHARE;
    const [first, end] = [firstCall[talk] ?? 0, firstCall[talk + 1] ?? 0];
    const begun = setting.minute + random() * setting.minutes;
    const lastEnd = begun + (end - first - 1) * CONVERSATION.gapMinutes;
    for (let call = first; call < end; call++) {
      const minute = begun + (call - first) * CONVERSATION.gapMinutes;
      setting.at(minute + late, (cells) => countCall(cells, call, minute, setting.weatherAt(minute), where));
    }
    setting.at(lastEnd + TICKET_DELAY_MINUTES, (cells) => {
      for (let call = first; call < end; call++) {
        cells.add(TICKETS, arm, where.type, language, isTicket && call === first ? 1 : 0);
      }
    });
    if (arm !== CANARY) setting.likeness.add(talk, end - first, Math.floor(random() * BUCKETS));
  };
};
