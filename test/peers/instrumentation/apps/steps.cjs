// What every app of the matrix prints: one line of JSON per step, holding everything the app could see of its result.
const { inspect } = require("node:util");

const shown = (value) =>
  inspect(value, { depth: 12, maxArrayLength: null, maxStringLength: null, breakLength: Infinity, sorted: true });

const describeError = (error) =>
  error instanceof Error
    ? {
        class: error.constructor.name,
        name: error.name,
        message: error.message,
        own: Object.fromEntries(
          ["status", "statusCode", "code", "type", "param", "error", "body", "requestID", "isRetryable", "$fault"]
            .filter((key) => error[key] !== undefined)
            .map((key) => [key, shown(error[key])]),
        ),
        cause: error.cause === undefined ? null : describeError(error.cause),
      }
    : { thrown: shown(error) };

/** Everything an app can see of a Response, its text included. */
exports.describeResponse = async (response) => {
  const { status, statusText, ok, url, redirected, type, bodyUsed } = response;
  const headers = [...response.headers].filter(([name]) => !["connection", "keep-alive", "date"].includes(name));
  const isResponse = response instanceof Response;
  const clone = await response.clone().text();
  const text = await response.text();
  const after = response.bodyUsed;
  return { status, statusText, ok, url, redirected, type, bodyUsed, headers, isResponse, clone, text, after };
};

/** Every chunk of a stream. */
exports.collect = async (stream, limit = Infinity) => {
  const chunks = [];
  for await (const chunk of stream) if (chunks.push(chunk) >= limit) break;
  return chunks;
};

/** Reads a byte stream to its end. */
exports.readBytes = async (stream) => {
  const parts = [];
  for await (const part of stream) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString("utf8");
};

/** A loop as an app may have one around a call: asks again, at once, as long as it fails. */
exports.untilItWorks = async (ask) => {
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 2) throw error;
    }
  }
};

exports.settle = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs the steps one after the other; each is given its name, which it uses as the model's. */
exports.run = async (steps) => {
  for (const [step, act] of Object.entries(steps)) {
    let outcome;
    try {
      outcome = { result: shown(await act(step)) };
    } catch (error) {
      outcome = { error: describeError(error) };
    }
    process.stdout.write(`${JSON.stringify({ step, ...outcome })}\n`);
  }
};
