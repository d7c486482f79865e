import type { Route } from "../../core/migration.ts";
import {
  type FlagCapabilities,
  type FlagReadFailure,
  type FlagReport,
  isReadFailure,
  type RoutedFlag,
} from "./flag-target.ts";
import { type Look, lookedFlag, type Permission } from "./looked-flag.ts";
import type { VendorAnswer } from "./vendor-api.ts";

/** What a flag says, in Leeway's words. */
export interface FlagReading extends Pick<FlagReport, "variants" | "facts" | "problems"> {
  /**
   * The largest part of any users that it serves the candidate to, 0-1. So 0 is nobody, whoever they are; rules and
   * prerequisites that keep users with the baseline make it no smaller. Null where what was read does not tell.
   */
  readonly share: number | null;
  /** Why the share is null, and what to do about it; empty where it is known. */
  readonly unknownBecause: string;
  readonly revision: string;
}

/** What one flag system is to say and do. */
export interface VendorFlagParts<Found> {
  readonly route: Route;
  readonly capabilities: FlagCapabilities;
  /** Asks the flag system. */
  readonly find: () => Promise<VendorAnswer<Found>>;
  /** Pure. */
  readonly understand: (found: Found) => FlagReading;
  /** Writes the share, and nothing else; a raise of several steps asks before each whether it may go on. The flag after it where the answer holds it, or null: it is read again. */
  readonly write: (found: Found, share: number, mayGoOn: () => boolean) => Promise<VendorAnswer<Found | null>>;
  readonly permission: (found: Found) => Promise<Permission>;
  /** See LookedFlagParts. */
  readonly offUnread?: () => Promise<VendorAnswer<unknown>> | null;
}

/** What a write that changes nothing says about the right to write. */
export const permissionOf = (tried: VendorAnswer<unknown>, how: string): Permission => {
  if (!isReadFailure(tried)) return { mayWrite: true, mayWriteBecause: how };
  const isRefused = tried.why === "auth" || tried.why === "approval-required";
  return { mayWrite: isRefused ? false : null, mayWriteBecause: tried.detail };
};

/**
 * A flag as lookedFlag steers it, of the four things that differ by system: how it is found, understood and written, and how
 * one knows that one may.
 */
export const vendorFlag = <Found>({
  route,
  capabilities,
  find,
  understand,
  write,
  permission,
  offUnread = () => null,
}: VendorFlagParts<Found>): RoutedFlag => {
  const lookAt = (raw: Found): Look<Found> => {
    const { unknownBecause, ...reading } = understand(raw);
    return { ...reading, obstacles: reading.share === null ? [unknownBecause] : [], raw };
  };
  const look = async (): Promise<Look<Found> | FlagReadFailure> => {
    const found = await find();
    return isReadFailure(found) ? found : lookAt(found.value);
  };
  return lookedFlag(route, {
    capabilities,
    look,
    write: async ({ raw }, share, { mayGoOn }) => {
      const written = await write(raw, share, mayGoOn);
      if (isReadFailure(written)) return written;
      return written.value === null ? look() : lookAt(written.value);
    },
    mayWrite: ({ raw }) => permission(raw),
    offUnread,
  });
};
