/** `text`, or its first `limit` characters and an ellipsis. */
export const shortText = (text: string, limit: number): string =>
  text.length > limit ? `${text.slice(0, limit)}…` : text;
