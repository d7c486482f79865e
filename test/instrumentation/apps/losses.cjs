// Makes CALLS calls, all at once or RATE a second, and then ends in the way END says.
const calls = Number(process.env.CALLS);
const rate = Number(process.env.RATE ?? 0);
const request = {
  method: "POST",
  body: JSON.stringify({ model: "good", messages: [{ role: "user", content: "2 + 2?" }] }),
};
const call = async () => {
  await (await fetch("http://provider.test/v1/chat/completions", request)).json();
};

const ENDS = {
  naturally: () => {},
  exit: () => process.exit(3),
  throw: () => {
    throw new Error("the app's own");
  },
  SIGTERM: () => {
    setInterval(() => {}, 1000);
    process.kill(process.pid, "SIGTERM");
  },
};
const end = () => {
  process.stdout.write(`${Date.now()}\n`);
  // In a turn of its own, where a throw is an uncaught exception.
  setImmediate(ENDS[process.env.END]);
};

if (rate === 0) {
  Promise.all(Array.from({ length: calls }, call)).then(end);
} else {
  const start = performance.now();
  let made = 0;
  const timer = setInterval(() => {
    const due = Math.min(calls, Math.floor(((performance.now() - start) / 1000) * rate));
    for (; made < due; made += 1) void call();
    if (made < calls) return;
    clearInterval(timer);
    setTimeout(end, 10);
  }, 5);
}
