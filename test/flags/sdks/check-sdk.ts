import { setTimeout as delay } from "node:timers/promises";
import type { SdkUnderTest } from "./sdk-under-test.ts";

/** What an SDK gave its users. */
export interface SdkResult {
  readonly asked: number;
  /** Share of the users that got the candidate, 0-1, once the SDK had heard. */
  readonly given: number;
  /** Users for whom SDK and double agree, at the share and at 0. */
  readonly agreed: number;
  readonly users: number;
  /** Users that got the candidate after off. */
  readonly afterOff: number;
  /** From the answer to the write until the SDK gave nobody the candidate, ms; null = not within the wait. */
  readonly seenAfterMs: number | null;
  readonly ok: boolean;
}

const USERS: readonly string[] = Array.from({ length: 1_000 }, (_, index) => `user-${index}`);
const ASKED = 0.25;
/** More than four standard deviations of a share of a thousand. */
const WITHIN = 0.06;
const WAIT_MS = 20_000;
const LOOK_MS = 10;

const countTrue = (answers: readonly boolean[]): number => answers.filter((each) => each).length;

/** Asks until it is as wanted; null when it never is. */
const until = async (
  { ask }: SdkUnderTest,
  isWanted: (answers: readonly boolean[]) => boolean,
): Promise<readonly boolean[] | null> => {
  for (const end = performance.now() + WAIT_MS; performance.now() < end; ) {
    const answers = await ask(USERS);
    if (isWanted(answers)) return answers;
    await delay(LOOK_MS);
  }
  return null;
};

const agreedWith = ({ expect }: SdkUnderTest, answers: readonly boolean[]): number =>
  answers.filter((answer, index) => answer === expect(USERS[index] ?? "")).length;

const set = async ({ flag }: SdkUnderTest, share: number): Promise<void> => {
  const write = await flag.setShare(share, null);
  if (write.outcome === "failed") throw new Error(`${share}: ${write.detail}`);
};

/** Raises the flag by its target and switches it off, and asks a thousand users' values of the SDK each time. */
export const checkSdk = async (sdk: SdkUnderTest): Promise<SdkResult> => {
  await set(sdk, ASKED);
  const on = (await until(sdk, (answers) => Math.abs(countTrue(answers) / USERS.length - ASKED) <= WITHIN)) ?? [];
  const agreedOn = agreedWith(sdk, on);
  await set(sdk, 0);
  const written = performance.now();
  const off = await until(sdk, (answers) => countTrue(answers) === 0);
  const seenAfterMs = off === null ? null : performance.now() - written;
  const last = await sdk.ask(USERS);
  const [given, afterOff] = [countTrue(on) / USERS.length, countTrue(last)];
  const agreed = Math.min(agreedOn, agreedWith(sdk, last));
  const ok = agreed === USERS.length && afterOff === 0 && off !== null;
  return { asked: ASKED, given, agreed, users: USERS.length, afterOff, seenAfterMs, ok };
};
