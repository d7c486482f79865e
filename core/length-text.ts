/** A length of time for people: `40 s`, `15 min`, `3.5 h`, `14.0 d`. */
export const lengthText = (ms: number): string => {
  const minutes = ms / 60_000;
  if (minutes < 2) return `${Math.round(ms / 1000)} s`;
  if (minutes < 120) return `${Math.round(minutes)} min`;
  return minutes < 2880 ? `${(minutes / 60).toFixed(1)} h` : `${(minutes / 1440).toFixed(1)} d`;
};

/** A length of time that is worth a decimal of a second: `3.4 s`. */
export const secondsText = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
