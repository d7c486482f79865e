// Loaded before the preload: keeps the fetch that is not instrumented.
globalThis[Symbol.for("bench.fetch")] = globalThis.fetch;
