// The next start of an app: makes no call, and ends when nothing is left in the spool.
const { readdirSync } = require("node:fs");

const isEmpty = () => {
  try {
    const entries = readdirSync(process.env.LEEWAY_SPOOL_DIR, { recursive: true });
    return !entries.some((name) => name.endsWith(".json"));
  } catch {
    return true;
  }
};
const deadline = Date.now() + 15_000;
const timer = setInterval(() => {
  if (isEmpty() || Date.now() > deadline) clearInterval(timer);
}, 20);
