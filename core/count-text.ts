/** A count with thousands separated: `12,940`. */
export const countText = (n: number): string => Math.round(n).toLocaleString("en-US");
