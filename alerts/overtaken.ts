import type { Notice } from "../core/notice.ts";
import { isRepeat } from "./incident-notices.ts";
import { keyOf } from "./key-of.ts";
import { revisionTopic } from "./revision-notices.ts";

/** What a notice need not be told beside. */
export interface Overtaker {
  /** Of the notice that says what this one would. */
  readonly id: string;
  /** Why it is told to nobody. */
  readonly why: string;
}

/** Which repeats of open incidents, and which news of a changed document, say nothing new any more. Holds no clock and does no I/O. */
export interface Overtaken {
  /** Takes in a notice that goes to `channels`. */
  readonly add: (notice: Notice, incident: string, channels: readonly string[]) => void;
  /** The newest notice that overtakes this one in this channel; null = none, as for everything else. */
  readonly by: (notice: Notice, incident: string, channel: string) => Overtaker | null;
}

interface Told extends Overtaker {
  readonly at: number;
}

const newer = (a: Told | undefined, b: Told): Told => (a === undefined || b.at >= a.at ? b : a);

/**
 * A repeat is overtaken by a newer one in the same channel, and by what says of its incident that somebody is at it, or that it is
 * over; that a document was changed, by how it stands since.
 */
export const createOvertaken = (): Overtaken => {
  const answers = new Map<string, Told>();
  const repeats = new Map<string, Told>();
  const revisions = new Map<string, Told>();

  return {
    add: (notice, incident, channels) => {
      const { id, at, phase } = notice;
      const topic = revisionTopic(notice);
      for (const channel of topic === null ? [] : channels) {
        const key = keyOf(topic ?? "", channel);
        revisions.set(key, newer(revisions.get(key), { id, at, why: "overtaken: a newer notice says how it stands" }));
      }
      if (incident === "") return;
      if (phase === "acknowledge" || phase === "resolve") {
        const why = phase === "resolve" ? "the incident was over meanwhile" : "somebody was at it meanwhile";
        answers.set(incident, newer(answers.get(incident), { id, at, why: `overtaken: ${why}` }));
      }
      if (!isRepeat(notice)) return;
      for (const key of channels.map((channel) => keyOf(incident, channel)))
        repeats.set(key, newer(repeats.get(key), { id, at, why: "overtaken: a newer repeat says it" }));
    },
    by: (notice, incident, channel) => {
      const topic = revisionTopic(notice);
      const revision = topic === null ? undefined : revisions.get(keyOf(topic, channel));
      if (revision !== undefined && revision.at > notice.at) return revision;
      if (!isRepeat(notice)) return null;
      const answer = answers.get(incident);
      if (answer !== undefined && answer.at >= notice.at) return answer;
      const repeat = repeats.get(keyOf(incident, channel));
      return repeat !== undefined && repeat.at > notice.at ? repeat : null;
    },
  };
};
