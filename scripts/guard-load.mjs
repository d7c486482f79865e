// Put around the preload bundle: an error while it loads must not keep the app from starting. Such an error quotes
// nothing of the app, which has not begun.
export const LOAD_GUARD = {
  before: "try {",
  after: [
    "} catch (error) {",
    "  process.stderr.write(`leeway: instrumentation is off: it could not be loaded ($" +
      "{error && error.name}); the app is not affected\\n`);",
    "}",
  ].join("\n"),
};
