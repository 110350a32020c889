const assignment = /^[ \t]*(?:export[ \t]+)?DATABASE_URL[ \t]*=.*$/gm;

/** The text of a `.env` file in which `DATABASE_URL` has one value: every assignment is replaced, or one is added at the end. */
export function withDatabaseUrl(dotenv: string, databaseUrl: string): string {
  // Single quotes keep a `#` or a `$` in a file's name from meaning anything.
  const value =
    /[\s#$"'`\\]/.test(databaseUrl) && !databaseUrl.includes("'") ? `'${databaseUrl}'` : databaseUrl;
  const line = `DATABASE_URL=${value}`;
  if (dotenv.search(assignment) >= 0) return dotenv.replace(assignment, () => line);
  const gap = dotenv === '' || dotenv.endsWith('\n') ? '' : '\n';
  return `${dotenv}${gap}${line}\n`;
}
