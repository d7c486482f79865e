import { randomBytes } from "node:crypto";

/** Bytes drawn at a time: asking for the few of one id costs twenty times as much as taking them from a pool. */
const POOL_BYTES = 4096;

/** Starts with an empty pool. The function gives `chars` random hex digits, none of them twice. */
export const createRandomHex = (): ((chars: number) => string) => {
  let pool = "";
  let at = 0;
  return (chars) => {
    if (at + chars > pool.length) {
      pool = randomBytes(POOL_BYTES).toString("hex");
      at = 0;
    }
    at += chars;
    return pool.slice(at - chars, at);
  };
};
