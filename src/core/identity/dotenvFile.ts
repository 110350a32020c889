/** An assignment of a `.env` file as python-dotenv reads it. Offsets are in UTF-16 units of the text. */
interface DotenvBinding {
  readonly key: string;
  /** With escapes decoded and nothing interpolated; `null` for a key without an equals sign. */
  readonly value: string | null;
  /** Where the key begins, behind `export`. */
  readonly start: number;
  /** Behind the value and its quotes, before a comment and the line break. */
  readonly end: number;
}

// What is white space for Python. For JavaScript the byte order mark is, too; here it is part of a name.
const blank = '\\t\\v\\f\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const isBlank = new RegExp(`[${blank}]`);
const patterns = {
  blankLines: new RegExp(`[${blank}\\r\\n]*`, 'y'),
  blanks: new RegExp(`[${blank}]*`, 'y'),
  export: new RegExp(`(?:export[${blank}]+)?`, 'y'),
  quotedKey: /'[^']+'/y,
  plainKey: new RegExp(`[^=#${blank}\\r\\n]+`, 'y'),
  plainValue: /[^\r\n]*/y,
  comment: new RegExp(`(?:[${blank}]*#[^\\r\\n]*)?`, 'y'),
  lineEnd: new RegExp(`[${blank}]*(?:\\r\\n|\\n|\\r|$)`, 'y'),
  restOfLine: /[^\r\n]*(?:\r\n|\n|\r)?/y,
} as const;

/**
 * Reads a `.env` file by the grammar of python-dotenv, which Autopack uses (its parser.py, the same from 0.21 to 1.x):
 * a byte order mark belongs to the first name; `KEY: value` and unclosed quotes are dropped with their line.
 */
export function parseDotenv(text: string): DotenvBinding[] {
  const reader = new DotenvReader(text);
  const bindings: DotenvBinding[] = [];
  while (!reader.isAtEnd) {
    const binding = reader.binding();
    if (binding === 'unreadable') reader.read('restOfLine');
    else if (binding !== null) bindings.push(binding);
  }
  return bindings;
}

/** The environment that `${NAME}` is taken from. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The variables of a `.env` file with `${NAME}` and `${NAME:-default}` put in, as `load_dotenv()` does it: the
 * environment wins over earlier lines of the file, and the last of equal names counts.
 */
export function dotenvValues(text: string, environment: Environment): Map<string, string | null> {
  const values = new Map<string, string | null>();
  for (const { key, value } of parseDotenv(text)) {
    values.set(key, value === null ? null : interpolate(value, environment, values));
  }
  return values;
}

/** Puts variables into one value; `earlier` are the values of the lines before it. See {@link dotenvValues}. */
function interpolate(
  value: string,
  environment: Environment,
  earlier: ReadonlyMap<string, string | null>,
): string {
  return value.replaceAll(
    /\$\{([^}:]*)(?::-([^}]*))?\}/g,
    (_, name: string, fallback: string | undefined): string => {
      const own = Object.hasOwn(environment, name) ? environment[name] : undefined;
      if (own !== undefined) return own;
      return earlier.has(name) ? (earlier.get(name) ?? '') : (fallback ?? '');
    },
  );
}

/** A value as it is to be written so that python-dotenv reads it back: in quotes where anything in it means something. */
export function dotenvLiteral(value: string): string {
  // An interpolation cannot be escaped, only made of one that yields the dollar sign.
  const text = value.replaceAll('${', '${:-$}{');
  return /^[\w./:~@%+,=?&-]*$/.test(text) ? text : `'${text.replace(/[\\']/g, '\\$&')}'`;
}

/** Reads one assignment after the other; where one cannot be read, the position is where its last readable part ends. */
class DotenvReader {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#position >= this.#text.length;
  }

  /** The part of the text that matches here, and steps behind it; `null` where it does not. */
  read(name: keyof typeof patterns): string | null {
    const pattern = patterns[name];
    pattern.lastIndex = this.#position;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    this.#position += found?.length ?? 0;
    return found;
  }

  /** `null` for blank lines at the end and for comments. */
  binding(): DotenvBinding | 'unreadable' | null {
    this.read('blankLines');
    if (this.isAtEnd) return null;
    this.read('export');
    const start = this.#position;
    const key = this.#key();
    if (key === 'unreadable') return key;
    let end = this.#position;
    let value: string | null = null;
    this.read('blanks');
    if (this.#text[this.#position] === '=') {
      this.#position += 1;
      this.read('blanks');
      const read = this.#value();
      if (read === null) return 'unreadable';
      ({ value, end } = read);
    }
    this.read('comment');
    if (this.read('lineEnd') === null) return 'unreadable';
    return key === null ? null : { key: key.name, value, start, end };
  }

  #key(): { readonly name: string } | 'unreadable' | null {
    const first = this.#text[this.#position];
    if (first === '#') return null;
    const found = this.read(first === "'" ? 'quotedKey' : 'plainKey');
    if (found === null) return 'unreadable';
    return { name: first === "'" ? lineFeeds(found.slice(1, -1)) : found };
  }

  #value(): { readonly value: string; readonly end: number } | null {
    const from = this.#position;
    const quote = this.#text[from];
    if (quote === "'" || quote === '"') {
      const close = closingQuote(this.#text, from + 1, quote);
      if (close === null) return null;
      this.#position = close + 1;
      return { value: unescape(this.#text.slice(from + 1, close), quote), end: close + 1 };
    }
    const value = withoutComment(this.read('plainValue') ?? '');
    return { value, end: from + value.length };
  }
}

/** The first quote without a backslash before it; else the last with one, to which python-dotenv's pattern backtracks. */
function closingQuote(text: string, from: number, quote: string): number | null {
  let escaped: number | null = null;
  for (let at = text.indexOf(quote, from); at >= 0; at = text.indexOf(quote, at + 1)) {
    if (text[at - 1] !== '\\') return at;
    escaped = at;
  }
  return escaped;
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function unescape(text: string, quote: string): string {
  const pattern = quote === '"' ? /\\([\\'"abfnrtv])/g : /\\([\\'])/g;
  return lineFeeds(text).replace(pattern, (_, letter: string) => escapes[letter] ?? letter);
}

/** Python opens the file as text, where every line break is a line feed. */
function lineFeeds(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** A `#` begins a comment only behind white space. In steps, not by a pattern: those for this take time in squares. */
function withoutComment(line: string): string {
  let hash = line.indexOf('#');
  while (hash >= 0 && !(hash > 0 && isBlank.test(line.charAt(hash - 1)))) hash = line.indexOf('#', hash + 1);
  let end = hash < 0 ? line.length : hash;
  while (end > 0 && isBlank.test(line.charAt(end - 1))) end -= 1;
  return line.slice(0, end);
}

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
