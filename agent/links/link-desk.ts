import { withinOr } from "../../async/within-or.ts";
import { messageOf } from "../../core/errors.ts";
import type { Notice, NoticeLink, NoticeType } from "../../core/notice.ts";
import type { MigrationState } from "../../lifecycle/state.ts";
import { type LinkCommand, type ReadLink, readLink, signLink } from "./action-link.ts";
import { type LinkKey, openLinkKey, readLinkKey } from "./link-key.ts";

/** What leeway.yaml says of links that act. */
export interface LinkSettings {
  readonly commands: readonly LinkCommand[];
  /** How long after its notice a link is good, ms. */
  readonly expires: number;
}

/** Makes the links of notices, and reads them back. */
export interface LinkDesk {
  /** What a notice may carry into a channel as the migration stands now; nothing where nobody can sign. Never rejects. */
  readonly linksFor: (notice: Notice, channel: string) => Promise<readonly NoticeLink[]>;
  /** The link of a text that somebody presents, or why it is none. Never rejects. */
  readonly read: (text: string) => Promise<ReadLink | string>;
  /** Why no link is made; empty when they are. */
  readonly problem: () => string;
}

/** What a desk works with. */
export interface LinkDeskParts {
  /** The folder of `accessFolder`. */
  readonly folder: string;
  readonly now: () => number;
  /** Where people reach the agent: absolute URL. */
  readonly address: string;
  /** How a migration stands; null for one that nobody declared. */
  readonly stateOf: (migration: string) => MigrationState | null;
}

/** What people may do about a notice of each type: nothing where it is over, or where nothing moves any more. */
const OFFERED: Readonly<Record<NoticeType, readonly LinkCommand[]>> = {
  stage: ["advance", "pause", "rollback"],
  pause: ["rollback"],
  page: ["pause", "rollback"],
  rollback: [],
  drift: [],
  drained: [],
  ack: [],
  drill: [],
  test: [],
};

const LABELS: Readonly<Record<LinkCommand, string>> = {
  advance: "Advance to the next stage …",
  pause: "Pause the ramp …",
  rollback: "Roll back …",
};

/** A notice that comes late is not answered with what is true by now: an advance is for the stage that was told. */
const isOfNow = (command: LinkCommand, { since, stageSince, isPaused }: MigrationState, at: number): boolean => {
  if (since > at) return false;
  if (command === "rollback") return true;
  return !isPaused && (command === "pause" || stageSince <= at);
};

/** A disk that hangs holds no notice up for longer, ms. */
const KEY_MS = 2_000;

/** A desk; the key is made when the first link is. */
export const createLinkDesk = ({ commands, expires }: LinkSettings, parts: LinkDeskParts): LinkDesk => {
  const { folder, address, now, stateOf } = parts;
  const base = address.replace(/\/+$/, "");
  let [latest, problem] = [Number.NEGATIVE_INFINITY, ""];

  const keyBy = async (look: (folder: string) => Promise<LinkKey | null>): Promise<LinkKey | null> => {
    const looked = look(folder).then(
      (key) => ({ key, problem: "" }),
      (error: unknown) => ({ key: null, problem: `notices carry no links that act: ${messageOf(error)}` }),
    );
    const late = { key: null, problem: "notices carry no links that act: the disk of their key does not answer" };
    const found = await withinOr(KEY_MS, looked, late);
    problem = found.problem;
    return found.key;
  };

  return {
    linksFor: async (notice, channel) => {
      const state = stateOf(notice.migration);
      if (state === null || state.hash === null || state.rollback !== null) return [];
      const offered = OFFERED[notice.type].filter((each) => commands.includes(each) && isOfNow(each, state, notice.at));
      const until = notice.at + expires;
      const key = offered.length === 0 || now() >= until ? null : await keyBy(openLinkKey);
      if (key === null) return [];
      const { stage, since } = state;
      const made = { migration: notice.migration, stage, since, until, channel, notice: notice.id };
      return offered.map((command) => ({
        label: LABELS[command],
        url: `${base}/act/${signLink({ ...made, command }, key)}`,
      }));
    },
    read: async (text) => {
      // a clock that is set back makes no link good again
      latest = Math.max(latest, now());
      return readLink(text, await keyBy(readLinkKey), latest);
    },
    problem: () => problem,
  };
};
