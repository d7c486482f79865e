/** Key of a notice, an incident or a group in one channel. */
export const keyOf = (id: string, channel: string): string => JSON.stringify([id, channel]);
