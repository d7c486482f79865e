/** Where a number lies in a hash table of 2^(32 - shift) slots: multiplicative hashing (Knuth), by the golden ratio. */
export const slotOf = (key: number, shift: number): number => Math.imul(key, 0x9e3779b1) >>> shift;
