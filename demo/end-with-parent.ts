// Preloaded into every process the demo starts: when the demo is killed, they end too.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
process.channel?.unref();

export {};
