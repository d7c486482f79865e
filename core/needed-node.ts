/** The oldest Node that runs Leeway: `engines` of package.json. */
export const NEEDED_NODE = "22.15";

/** Why this Node (`version`, such as `v20.20.2`) cannot run Leeway, in one line; null where it can. */
export const nodeProblem = (version: string): string | null => {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  const [neededMajor = 0, neededMinor = 0] = NEEDED_NODE.split(".").map(Number);
  const isOld = major < neededMajor || (major === neededMajor && minor < neededMinor);
  return isOld ? `this is Node ${version}; Leeway needs Node ${NEEDED_NODE} or newer` : null;
};
