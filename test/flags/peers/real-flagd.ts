import type { FlagUnderTest } from "../../alerts/flags/flag-contract.ts";
import { type EvaluateFile, FILE_VALUES, startFlagd } from "../../alerts/flags/start-flagd.ts";
import { installPeers, requirePeer, versionOf } from "./packages.ts";

/** What is used of the real provider. */
interface FlagdPeer {
  readonly FlagdProvider: new (options: {
    resolverType: "in-process";
    offlineFlagSourcePath: string;
  }) => {
    initialize(): Promise<void>;
    onClose(): Promise<void>;
    resolveStringEvaluation(
      flag: string,
      byDefault: string,
      context: { readonly targetingKey: string; readonly tier?: string },
      log: object,
    ): Promise<{ readonly value: string }>;
  };
}

const QUIET = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const KEYS = 2_000;

type Provider = InstanceType<FlagdPeer["FlagdProvider"]>;

const open = async (file: string): Promise<Provider> => {
  const { FlagdProvider } = requirePeer("@openfeature/flagd-provider") as FlagdPeer;
  const provider = new FlagdProvider({ resolverType: "in-process", offlineFlagSourcePath: file });
  await provider.initialize();
  return provider;
};

const shareOf = async (provider: Provider, keys = KEYS, tier: string | null = null): Promise<number> => {
  let canary = 0;
  for (let key = 0; key < keys; key += 1) {
    const context = { targetingKey: `user-${key}`, ...(tier === null ? {} : { tier }) };
    // a flag that is disabled is an error to the provider, and OpenFeature gives the app's own default: the baseline
    const answer = await provider.resolveStringEvaluation("model", "gpt-old", context, QUIET).catch(() => null);
    if (answer?.value === FILE_VALUES.canary) canary += 1;
  }
  return canary / keys;
};

/** Share of two thousand targeting keys that the real provider, in this process, gives the candidate to by the file. */
const evaluate: EvaluateFile = async (file, tier) => {
  const provider = await open(file);
  const share = await shareOf(provider, KEYS, tier);
  await provider.onClose();
  return share;
};

/** How long a provider that is running takes to see that the flag went off, ms; after ten seconds it is given up. */
export const measureSeen = async (): Promise<number | null> => {
  let watched: Provider | null = null;
  const under = await startFlagd(async (file) => {
    watched ??= await open(file);
    return shareOf(watched, 200);
  });
  try {
    await under.reset();
    await under.setByHand(0.5);
    if ((await under.served()) === 0) return null;
    const started = performance.now();
    await under.flag.setShare(0, null);
    while (performance.now() - started < 10_000) {
      if ((await under.served()) === 0) return performance.now() - started;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return null;
  } finally {
    await (watched as Provider | null)?.onClose();
    await under.close();
  }
};

/** What runs: the name and version of the provider. */
export const flagdKind = (): string => `flagd-provider ${versionOf("@openfeature/flagd-provider")}`;

/** The flag in a file that the real provider evaluates; or why that cannot be had. */
export const startRealFlagd = async (): Promise<FlagUnderTest | { readonly missing: string }> => {
  const missing = await installPeers([
    "@openfeature/core",
    "@openfeature/server-sdk",
    "@grpc/grpc-js",
    "@openfeature/flagd-provider",
  ]);
  return missing === null ? startFlagd(evaluate) : { missing };
};
