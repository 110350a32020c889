/** The oldest version of Node that has `node:sqlite` without a flag; `package.json` says the same. */
const oldest = [22, 13] as const;

/** What to say where a version of Node (`20.19.1`) lacks what the programs need; `null` where it has all. */
export function nodeTooOld(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isEnough = major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
  if (isEnough) return null;
  return `autopack-hygiene needs Node ${oldest.join('.')} or newer, and this is Node ${version}. Install a newer Node, then try again.`;
}
