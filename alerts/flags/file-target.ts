import { createHash } from "node:crypto";
import { access, constants, readFile, realpath, stat } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { inTurn } from "../../async/in-turn.ts";
import { withinOr } from "../../async/within-or.ts";
import { type Audience, type Exposure, ofAudience, sameAudience } from "../../core/audience.ts";
import type { FlagState, FlagWrite } from "../../core/flag.ts";
import type { Route } from "../../core/migration.ts";
import { exactPercent } from "../../core/percent.ts";
import { printableLine } from "../../core/printable.ts";
import { clamp } from "../clamp.ts";
import { replaceFile } from "../replace-file.ts";
import type { VariantValues } from "./evaluate-flag.ts";
import {
  type FlagCapabilities,
  type FlagReadFailure,
  type FlagReport,
  type FlagTarget,
  isReadFailure,
  type RoutedFlag,
  sameExposure,
  sameShare,
} from "./flag-target.ts";
import { applyEdits, type FlagText, parseFlagText, type TextEdit } from "./flag-text.ts";
import { refuse } from "./looked-flag.ts";

/** What a flag in a file is, to this system. */
export interface FileFlag extends Pick<FlagReport, "variants" | "facts"> {
  readonly isEnabled: boolean;
  /** Largest part of any users that are given the candidate while it is enabled, 0-1; null where that is not known. */
  readonly share: number | null;
  /** Whom that is for; null = everybody. Left out = the system knows no audiences. */
  readonly audience?: Audience | null;
  /** Why it is not known, or cannot be set, and what to do; empty when it can. */
  readonly why: string;
  /** All that decides what the flag serves, for its revision. */
  readonly decides: unknown;
  /** Makes the flag disabled or enabled; null where that cannot be written here. */
  readonly enable: (isEnabled: boolean) => readonly TextEdit[] | null;
  /** Makes it serve this share to these people (null = everybody) while enabled; null where that cannot be written here. */
  readonly give: (share: number, audience: Audience | null) => readonly TextEdit[] | null;
}

/** How one system writes its flags into a file. */
export interface FileFormat {
  /** The flag of that name, or null for none. */
  readonly find: (source: FlagText, flag: string, values: VariantValues) => FileFlag | null;
  readonly capabilities: FlagCapabilities;
}

/** The file itself. */
export interface TextFile {
  readonly read: (file: string) => Promise<string>;
  /** Replaces it as a whole, with the rights it had. */
  readonly replace: (file: string, text: string) => Promise<void>;
  /** Rejects when its folder, or the file, may not be written to. */
  readonly mayReplace: (file: string) => Promise<void>;
}

const MAX_BYTES = 8 * 1024 * 1024;
const CALL_MS = 4_000;
/** Somebody else writes to the same file: so often it is looked at again. */
const MAX_TRIES = 5;

/** The real file; a link is followed, so that it stays one. */
export const TEXT_FILE: TextFile = {
  read: async (file) => {
    if ((await stat(file)).size > MAX_BYTES) throw new Error(`is larger than ${MAX_BYTES} bytes`);
    return readFile(file, "utf8");
  },
  replace: async (file, text) => {
    const place = await realpath(file);
    const { mode, uid, gid } = await stat(place);
    await replaceFile(place, text, { mode: mode & 0o777, owner: { uid, gid } });
  },
  mayReplace: async (file) => {
    const place = await realpath(file);
    await access(place, constants.W_OK);
    await access(dirname(place), constants.W_OK);
  },
};

const WHY: Readonly<Record<string, FlagReadFailure["why"]>> = {
  ENOENT: "not-found",
  ENOTDIR: "not-found",
  EACCES: "auth",
  EPERM: "auth",
  EROFS: "auth",
};

const diskFailure = (file: string, error: unknown): FlagReadFailure => {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const detail = code === "" && error instanceof Error ? error.message : code;
  return refuse(WHY[code] ?? "transient", `${file}: ${detail}`);
};

/** Only a file that says an audience, or is to, can fail by it. */
const unwritable = ({ share, audience = null }: Exposure, found: Audience | null): string =>
  sameAudience(audience, found)
    ? `a share of ${exactPercent(share)} cannot be written in whole numbers`
    : `a share of ${exactPercent(share)}${ofAudience(audience)} cannot be written: not in whole numbers, or the rule is not one of the flag's own in braces`;

type Guard = { readonly revision: string } | null;

/** A write that was given up for taking too long must not be made after all, when the disk comes back. */
interface Turn {
  isOver: boolean;
}

/** A look at the flag, with the text it was found in. */
interface Look {
  readonly source: FlagText;
  readonly found: FileFlag;
  readonly revision: string;
}

/** What a file target is made with; in tests another disk, and less patience with it. */
export interface FileParts {
  readonly disk?: TextFile;
  /** Longest that a call may take, ms. Default 4 s. */
  readonly callMs?: number;
}

const HUNG = refuse("transient", "the file system gave no answer");

/** Flags in a file that other programs read. Only the share's own characters are ever changed, and never in a broken file. */
export const createFileTarget = (
  { name, file }: { readonly name: string; readonly file: string },
  { find, capabilities }: FileFormat,
  { disk = TEXT_FILE, callMs = CALL_MS }: FileParts = {},
): FlagTarget => {
  const queue = inTurn();
  const isJson = extname(file).toLowerCase() === ".json";

  const lookAt = async (flag: string, values: VariantValues): Promise<Look | FlagReadFailure> => {
    const text = await disk.read(file).catch((error: unknown) => diskFailure(file, error));
    if (typeof text !== "string") return text;
    const source = parseFlagText(text, isJson);
    if ("problem" in source) return refuse("transient", `${file} cannot be read and is left alone: ${source.problem}`);
    const found = find(source, flag, values);
    if (found === null) return refuse("not-found", `${file} has no flag ${JSON.stringify(flag)}`);
    const revision = createHash("sha256")
      .update(JSON.stringify([found.isEnabled, found.decides]))
      .digest("hex");
    return { source, found, revision: revision.slice(0, 16) };
  };

  const stateOf = (flag: string, { found, revision }: Look): FlagState | FlagReadFailure => {
    if (!found.isEnabled) return { flag, share: 0, enabled: false, revision };
    if (found.share === null) return refuse("permanent", `the share is not known: ${found.why}`);
    const { share, audience = null } = found;
    return { flag, share, enabled: share > 0, revision, ...(audience === null || share === 0 ? {} : { audience }) };
  };

  const editsFor = ({ share, audience = null }: Exposure, found: FileFlag): readonly TextEdit[] | FlagReadFailure => {
    if (share === 0)
      return found.enable(false) ?? refuse("permanent", `${file}: the flag cannot be disabled: ${found.why}`);
    if (found.why !== "") return refuse("permanent", `the flag cannot carry a share: ${found.why}`);
    const isThere =
      found.share !== null && sameShare(found.share, share) && sameAudience(found.audience ?? null, audience);
    const weights = isThere ? [] : found.give(share, audience);
    const enabled = found.isEnabled ? [] : found.enable(true);
    return weights !== null && enabled !== null
      ? [...weights, ...enabled]
      : refuse("permanent", unwritable({ share, audience }, found.audience ?? null));
  };

  const bind = (route: Route, values: VariantValues): RoutedFlag => {
    const look = (): Promise<Look | FlagReadFailure> => lookAt(route.flag, values);

    const read = async (): Promise<FlagState | FlagReadFailure> => {
      const seen = await look();
      return isReadFailure(seen) ? seen : stateOf(route.flag, seen);
    };

    /** One try; null = the file was changed while it was made. */
    const tryOnce = async (wanted: Exposure, guard: Guard, turn: Turn): Promise<FlagWrite | null> => {
      const seen = await look();
      if (isReadFailure(seen)) return seen;
      const state = stateOf(route.flag, seen);
      if (!isReadFailure(state) && sameExposure(state, wanted)) return { outcome: "unchanged", state };
      if (guard !== null && guard.revision !== seen.revision)
        return refuse("conflict", "the flag was changed in between");
      const edits = editsFor(wanted, seen.found);
      if ("outcome" in edits) return edits;
      try {
        if ((await disk.read(file)) !== seen.source.text) return null;
        if (turn.isOver) return HUNG;
        await disk.replace(file, applyEdits(seen.source.text, edits));
      } catch (error) {
        return diskFailure(file, error);
      }
      const after = await read();
      return isReadFailure(after) ? after : { outcome: "written", state: after };
    };

    const setShare = async (wanted: Exposure, guard: Guard, turn: Turn): Promise<FlagWrite> => {
      const { share, audience = null } = wanted;
      const whom = audience === null || share === 0 ? "" : (capabilities.cannotServe?.(audience) ?? "");
      if (whom !== "") return refuse("permanent", `the share cannot be served: the file's system ${whom}`);
      if (!(share >= 0 && share <= 1)) return refuse("permanent", `share ${share} is not between 0 and 1`);
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        const write = await tryOnce(wanted, guard, turn);
        if (write !== null) return write;
      }
      return refuse("conflict", `${file}: somebody writes to it all the time`);
    };

    const inspect = async (): Promise<FlagReport | FlagReadFailure> => {
      const seen = await look();
      if (isReadFailure(seen)) return seen;
      const state = stateOf(route.flag, seen);
      if (isReadFailure(state)) return state;
      const { variants, facts, why } = seen.found;
      const mayWrite = await disk.mayReplace(file).then(
        () => true,
        () => false,
      );
      return {
        state,
        variants,
        mayWrite,
        mayWriteBecause: mayWrite ? "file and folder are writable" : "file or folder may not be written to",
        facts: [["File", clamp(printableLine(file), 200)], ...facts],
        problems: why === "" ? [] : [why],
      };
    };

    return {
      ...route,
      capabilities,
      read: () => withinOr(callMs, read(), HUNG),
      setShare: (share, guard, _again = false, audience = null) =>
        queue(async () => {
          const turn: Turn = { isOver: false };
          const write = await withinOr(callMs, setShare({ share, audience }, guard, turn), HUNG);
          turn.isOver = true;
          return write;
        }),
      inspect: () => withinOr(callMs, inspect(), HUNG),
    };
  };
  return { name, bind, problem: () => "", close: async () => undefined };
};
