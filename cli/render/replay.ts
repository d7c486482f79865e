import type { ReplayResult } from "../../agent/replay/run-replay.ts";
import { LONGEST_ANSWER, type Survey } from "../../agent/replay/survey.ts";
import { countText } from "../../core/count-text.ts";
import { printableLine } from "../../core/printable.ts";
import { shortNumber } from "../../core/short-number.ts";

type Problems = Survey["notAskable"];

const lines = (what: string, problems: Problems): readonly string[] =>
  problems.map(({ reason, count, first }) => `${countText(count)} ${what}: ${reason} (first ${first})`);

const text = (all: readonly string[]): string =>
  all
    .filter((line) => line !== "")
    .map((line) => `${printableLine(line)}\n`)
    .join("");

const repeatedLine = (repeated: number): string =>
  repeated === 0 ? "" : `${countText(repeated)} lines repeat a question and are asked once`;

/** What a run would ask, and what it can cost. */
export const renderSurvey = (
  survey: Survey & { readonly repeat: number; readonly model: string; readonly provider: string },
): string => {
  const { questions, repeat, model, provider, bytes, highestUsd, notAskable, repeated } = survey;
  const most = highestUsd === null ? null : highestUsd * repeat;
  return text([
    `${countText(questions)} questions to ${model} (${provider})${repeat === 1 ? "" : `, ${countText(repeat)} times each`}: ${countText(questions * repeat)} calls`,
    `about ${countText(Math.round((bytes * repeat) / 4))} input tokens (a token for four bytes)`,
    most === null
      ? `what ${model} costs is not known; --prices gives it a price`
      : `at most $${shortNumber(most)}: a token a byte, and answers as long as they may be (${countText(LONGEST_ANSWER)} tokens where nothing is said)`,
    ...lines("cannot be asked", notAskable),
    repeatedLine(repeated),
  ]);
};

/** What a run did. */
export interface ReplayTold extends ReplayResult {
  readonly model: string;
  readonly out: string;
  readonly wanted: number;
  readonly notAskable: Problems;
  readonly repeated: number;
  /** Questions of earlier runs whose answer nobody has. */
  readonly askedAgain: number;
  readonly usd: number;
  readonly unpriced: number;
}

const costLine = ({ usd, unpriced }: ReplayTold): string => {
  const more = unpriced === 0 ? "" : ` and what ${countText(unpriced)} calls cost that nobody knows`;
  return `spent: $${shortNumber(usd)}${more}, earlier runs of this file included`;
};

/** How a run ended, in words. */
export const renderReplay = (told: ReplayTold): string => {
  const { answered, earlier, model, out, wanted, failed, refused, notAskable, stopped, askedAgain, repeated } = told;
  const before = earlier === 0 ? "" : `, ${countText(earlier)} by earlier runs`;
  const isLeft = stopped !== "" || failed.length > 0;
  return text([
    `${countText(answered)} of ${countText(wanted)} answered by ${model}${before}: ${out}`,
    costLine(told),
    askedAgain === 0
      ? ""
      : `${countText(askedAgain)} were under way when an earlier run died, and are asked again: they may be billed twice`,
    ...lines("were refused, and are on record without an answer", refused),
    ...lines("failed", failed),
    ...lines("cannot be asked", notAskable),
    repeatedLine(repeated),
    stopped === "" ? "" : `stopped: ${stopped}`,
    isLeft ? "the same command goes on where this one ended; nothing that was answered is asked again" : "",
  ]);
};
