import { waitUntil } from "../../demo/wait-until.ts";

/** Waits until `holds` is true; throws after `limitMs`. An error of `holds` counts as "not yet". */
export const eventually = async (
  what: string,
  holds: () => boolean | Promise<boolean>,
  limitMs = 60_000,
): Promise<void> => {
  let problem = "";
  const ask = async (): Promise<true | null> => {
    try {
      return (await holds()) || null;
    } catch (error) {
      problem = String(error);
      return null;
    }
  };
  if ((await waitUntil(ask, limitMs)) === null) throw new Error(`not within ${limitMs} ms: ${what} ${problem}`);
};
