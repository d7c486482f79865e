import { exactPercent } from "../../../core/percent.ts";
import { checkSdk } from "./check-sdk.ts";
import { configCatSdk } from "./configcat-sdk.ts";
import { flagsmithSdk } from "./flagsmith-sdk.ts";
import { fliptSdk } from "./flipt-sdk.ts";
import { growthBookSdk } from "./growthbook-sdk.ts";
import { launchDarklySdk } from "./launchdarkly-sdk.ts";
import { postHogSdk } from "./posthog-sdk.ts";
import { loadSdk, prepareSdks } from "./sdk-packages.ts";
import type { SdkRow } from "./sdk-under-test.ts";
import { splitSdk } from "./split-sdk.ts";
import { statsigSdk } from "./statsig-sdk.ts";

/** Official server SDKs that run here beside the double of their vendor: a line each. */
const SDKS: readonly SdkRow[] = [
  launchDarklySdk,
  growthBookSdk,
  flagsmithSdk,
  statsigSdk,
  postHogSdk,
  configCatSdk,
  fliptSdk,
  splitSdk,
];

const HEAD = [
  "SDK",
  "asked",
  "given to 1000 users",
  "agrees with the double",
  "after off",
  "off seen after",
  "how it hears",
];

/** Prints a row for each SDK; what cannot be had is skipped by name. False when one does not give what it should. */
export const measureSdks = async (
  isWanted: (name: string) => boolean,
  print: (line: string) => void,
): Promise<boolean> => {
  const row = (cells: readonly string[]): void => print(`| ${cells.join(" | ")} |`);
  const rows = SDKS.filter(({ name }) => isWanted(name));
  if (rows.length === 0) return true;
  row(HEAD);
  row(HEAD.map(() => "---"));
  let isRight = true;
  for (const { packages, hears, start } of rows) {
    const name = packages.map(([own, version]) => `${own} ${version}`).join(", ");
    const missing = await prepareSdks(packages);
    if (missing !== null) {
      print(`skipped  ${name}: ${missing}`);
      continue;
    }
    const sdk = await start(loadSdk);
    const result = await checkSdk(sdk).finally(sdk.close);
    isRight &&= result.ok;
    const { asked, given, agreed, users, afterOff, seenAfterMs } = result;
    const seen = seenAfterMs === null ? "NEVER" : `${Math.round(seenAfterMs)} ms`;
    row([name, exactPercent(asked), exactPercent(given), `${agreed}/${users}`, String(afterOff), seen, hears]);
  }
  return isRight;
};
