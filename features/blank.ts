/** True for the code unit of a blank that may follow a sentence. */
export const isBlank = (code: number): boolean => code === 32 || (code >= 9 && code <= 13) || code === 0xa0;
