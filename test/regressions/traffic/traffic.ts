import type { Arm } from "../../../core/cohort.ts";
import type { Call, InputType, Language, Tier } from "./call.ts";
import { type Draw, drawFrom } from "./draw.ts";
import { busyness, inputTypesAt, LANGUAGES, TIERS } from "./mix.ts";
import { cutOff, replyTo } from "./reply.ts";
import { completionTokensOf, promptTokensOf, timingOf } from "./usage.ts";

/** How much traffic, and when. */
export interface TrafficSettings {
  /** Calls of both arms together, about. */
  readonly calls: number;
  readonly minutes: number;
  /** Hour of the day at which it begins, 0 to 24. */
  readonly startHour: number;
  /** Canary share, 0 to 1. */
  readonly share: number;
}

const MINUTE_MS = 60_000;
const INSTANCES = ["pod-a", "pod-b", "pod-c"];

interface Person {
  readonly user: string;
  readonly arm: Arm;
  readonly language: Language;
  readonly tier: Tier;
}

interface World extends TrafficSettings {
  /** Slowness of every minute, for both arms alike. */
  readonly load: readonly number[];
}

/** One minute in forty is slow for everybody. */
const loads = (minutes: number, draw: Draw): readonly number[] =>
  Array.from({ length: minutes }, () => (draw.chance(0.025) ? 1.6 : 1) * draw.lognormal(1, 0.04));

const personOf = (number: number, share: number, draw: Draw): Person => ({
  user: `u${number}`,
  arm: draw.chance(share) ? "canary" : "baseline",
  language: draw.weighted(LANGUAGES),
  tier: draw.weighted(TIERS),
});

/** A time in the traffic, drawn so that busy hours get more. */
const startOf = ({ minutes, startHour }: World, draw: Draw): number => {
  for (;;) {
    const minute = draw.uniform() * minutes;
    if (draw.uniform() * 1.7 < busyness((startHour + minute / 60) % 24)) return minute * MINUTE_MS;
  }
};

const errorOf = (draw: Draw): Call["errorType"] =>
  draw.chance(0.008) ? draw.weighted({ "429": 0.5, "500": 0.3, timeout: 0.2 }) : null;

/** What people ask next mostly goes on with the same; thanks and hellos come in between. */
const turnType = (main: InputType, turn: number, draw: Draw): InputType => {
  if (main === "extraction") return main;
  return draw.chance(turn === 0 ? 0.08 : 0.2) ? "smalltalk" : main;
};

const callOf = (
  world: World,
  person: Person,
  talk: { conversation: string; main: InputType },
  turn: number,
  startMs: number,
  draw: Draw,
): Call => {
  const inputType = turnType(talk.main, turn, draw);
  // A model answers in the wrong language now and then.
  const spoken = draw.chance(0.003) ? draw.weighted(LANGUAGES) : person.language;
  const whole = replyTo(inputType, spoken, draw);
  const reply = draw.chance(0.004) ? cutOff(whole, 0.3 + 0.6 * draw.uniform()) : whole;
  const completionTokens = completionTokensOf(reply, inputType, spoken, draw);
  const load = world.load[Math.floor(startMs / MINUTE_MS)] ?? 1;
  return {
    ...person,
    ...{ conversation: talk.conversation, inputType, startMs, reply, completionTokens },
    ...{ seed: draw.whole(1, 2 ** 31), instance: draw.pick(INSTANCES), errorType: errorOf(draw) },
    ...promptTokensOf(inputType, turn, draw),
    ...timingOf(completionTokens, load, draw),
  };
};

const conversationOf = (world: World, person: Person, number: number, draw: Draw): readonly Call[] => {
  const start = startOf(world, draw);
  const main = draw.weighted(inputTypesAt((world.startHour + start / 3_600_000) % 24));
  const turns = 1 + Math.floor(-1.95 * Math.log(1 - draw.uniform()) + 0.28);
  let at = start;
  return Array.from({ length: Math.min(turns, 14) }, (_, turn) => {
    const call = callOf(world, person, { conversation: `c${number}`, main }, turn, at, draw);
    at += call.durationMs + draw.lognormal(25_000, 0.8);
    return call;
  });
};

/**
 * Traffic of a support bot: people in sticky arms, some of whom come twice, conversations of one to fourteen turns that
 * keep to their subject, by the hours of a day. The arms differ by chance alone. Ordered by start.
 */
export const trafficOf = (settings: TrafficSettings, seed: number): readonly Call[] => {
  const draw = drawFrom(seed);
  const world = { ...settings, load: loads(settings.minutes, draw) };
  const calls: Call[] = [];
  for (let number = 0; calls.length < settings.calls; ) {
    const person = personOf(number, settings.share, draw);
    const visits = draw.chance(0.18) ? 2 : 1;
    for (let visit = 0; visit < visits; visit++) calls.push(...conversationOf(world, person, number++, draw));
  }
  const end = settings.minutes * MINUTE_MS;
  return calls.filter(({ startMs }) => startMs < end).sort((a, b) => a.startMs - b.startMs);
};
