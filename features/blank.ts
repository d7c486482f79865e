/** True for the code unit of a blank of ASCII. */
export const isAsciiBlank = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

/** True for the code unit of a blank that may follow a sentence. */
export const isBlank = (code: number): boolean => isAsciiBlank(code) || code === 0xa0;
