import type { RoutedFlag } from "../../../alerts/flags/flag-target.ts";

/** An app's SDK that asks a vendor's double, and the flag target that steers the same double. */
export interface SdkUnderTest {
  readonly flag: RoutedFlag;
  /** Whether each user gets the candidate, asked of the SDK. */
  readonly ask: (users: readonly string[]) => Promise<readonly boolean[]>;
  /** The same by the double's own formula, which the contract's tests go by. */
  readonly expect: (user: string) => boolean;
  readonly close: () => Promise<void>;
}

/** One vendor's SDK. */
export interface SdkRow {
  readonly name: string;
  /** Package and exact version. */
  readonly packages: readonly (readonly [name: string, version: string])[];
  /** How it hears of a flip here, and what its default is. */
  readonly hears: string;
  /** `load` gives an installed package's exports. */
  readonly start: (load: (name: string) => Promise<unknown>) => Promise<SdkUnderTest>;
}

/** How often SDKs ask here, ms. */
export const POLL_MS = 1_000;
