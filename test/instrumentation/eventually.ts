/** Waits until `read` returns something other than null, undefined or false, and returns it. Fails after `withinMs`. */
export const eventually = async <T>(read: () => T | null | undefined | false, withinMs = 10_000): Promise<T> => {
  const end = performance.now() + withinMs;
  for (;;) {
    const found = read();
    if (found !== null && found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`nothing came within ${withinMs} ms: ${read}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
