/** A share (0-1) as people read it, without the noise of binary fractions: 0.07 is `7%`. */
export const percentText = (share: number): string => `${Number((share * 100).toPrecision(6))}%`;
