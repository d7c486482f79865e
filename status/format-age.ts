const STEPS: readonly (readonly [unit: string, ms: number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
];

/** How long ago `at` was at `now` (both epoch ms), in the two largest units: `3 min 12 s`; `never` when unknown. */
export const formatAge = (at: number | null, now: number): string => {
  if (at === null) return "never";
  let rest = Math.max(0, Math.floor((now - at) / 1000) * 1000);
  const parts: string[] = [];
  for (const [unit, ms] of STEPS) {
    const count = Math.floor(rest / ms);
    rest -= count * ms;
    if (count > 0 || (unit === "s" && parts.length === 0)) parts.push(`${count} ${unit}`);
  }
  return parts.slice(0, 2).join(" ");
};
