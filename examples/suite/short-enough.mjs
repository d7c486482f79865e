/** A check of one's own: the answer's text in, true or false out, or { pass, reason }. */
export default (output, { baseline }) => {
  const limit = Math.max(400, 2 * (baseline ?? "").length);
  return { pass: (output ?? "").length <= limit, reason: `is longer than ${limit} characters` };
};
