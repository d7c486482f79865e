/** Waits until `holds` is true; throws after `limitMs`. */
export const eventually = async (holds: () => boolean | Promise<boolean>, limitMs = 10_000): Promise<void> => {
  const deadline = performance.now() + limitMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`still not true after ${limitMs} ms: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
