import {
  type DotenvBinding,
  dotenvLiteral,
  dotenvValues,
  type Environment,
  interpolate,
  parseDotenv,
} from './dotenvFile.ts';

/** How the values of a `.env` are judged. */
export interface DotenvFix {
  readonly environment: Environment;
  /** Whether a URL that is there already leads to the database that is wanted. */
  readonly isRight: (databaseUrl: string) => boolean;
}

const variable = 'DATABASE_URL';

/**
 * The text of a `.env` file in which `DATABASE_URL` leads to the database that is wanted, for python-dotenv. What leads
 * there already stays as it is: wrong lines behind it become comments. Otherwise the line that counts gets the URL, and a
 * file without one gets it at its end.
 */
export function withDatabaseUrl(text: string, databaseUrl: string, fix?: DotenvFix): string {
  const { environment = {}, isRight = (url: string) => url === databaseUrl } = fix ?? {};
  const earlier = new Map<string, string | null>();
  const own: { readonly binding: DotenvBinding; readonly isRight: boolean }[] = [];
  for (const binding of parseDotenv(text)) {
    const value = binding.value === null ? null : interpolate(binding.value, environment, earlier);
    earlier.set(binding.key, value);
    if (binding.key === variable) own.push({ binding, isRight: value !== null && isRight(value) });
  }
  const right = own.findLastIndex((each) => each.isRight);
  const wrong = own.slice(right + 1).map(({ binding }) => binding);
  if (right >= 0) return withComments(text, wrong);
  const assignment = `${variable}=${dotenvLiteral(databaseUrl)}`;
  const changed = withAssignment(text, assignment, wrong.at(-1));
  if (dotenvValues(changed, environment).get(variable) === databaseUrl) return changed;
  // A quote that nobody closed before it would be closed by one in the URL: then the line goes in front of all.
  return `${assignment}${lineBreakOf(text)}${withComments(text, wrong)}`;
}

function withAssignment(text: string, assignment: string, replaced: DotenvBinding | undefined): string {
  if (replaced !== undefined) return text.slice(0, replaced.start) + assignment + text.slice(replaced.end);
  const lineBreak = lineBreakOf(text);
  const gap = text === '' || /[\r\n]$/.test(text) ? '' : lineBreak;
  return `${text}${gap}${assignment}${lineBreak}`;
}

function lineBreakOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** The text of a `.env` file in which a variable is not set any more: its lines become comments. */
export function withoutVariable(text: string, name: string): string {
  return withComments(
    text,
    parseDotenv(text).filter(({ key }) => key === name),
  );
}

/** Turns assignments, which are in the order of the text, into comments, all their lines. */
function withComments(text: string, bindings: readonly DotenvBinding[]): string {
  let result = '';
  let from = 0;
  for (const { start, end } of bindings) {
    const lineStart = Math.max(text.lastIndexOf('\n', start - 1), text.lastIndexOf('\r', start - 1)) + 1;
    result += text.slice(from, lineStart);
    result += text
      .slice(lineStart, end)
      .replace(/^/, '# ')
      .replace(/\r\n|\n|\r/g, '$&# ');
    from = end;
  }
  return result + text.slice(from);
}
