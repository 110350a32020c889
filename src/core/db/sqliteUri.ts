import type { PathStyle } from './pathStyle.ts';

/** Writes an absolute POSIX path as a SQLite URI (sqlite.org/uri.html): `file:/a%3Fb.db`. */
export function encodeSqliteUri(path: string): string {
  return `file:${path.replace(/[%?#]/g, encodeURIComponent)}`;
}

/**
 * The path in a SQLite URI; a name without `file:` is taken as it is, as SQLite does. `null` for a database in memory.
 * An authority, which may only be empty or `localhost`, is dropped.
 */
export function decodeSqliteUri(uri: string, style: PathStyle): string | null {
  if (!uri.startsWith('file:')) return uri;
  const name = uri
    .slice('file:'.length)
    .replace(/^\/\/(localhost)?(?=\/)/, '')
    .replace(/#.*$/s, '');
  const path = decodePercent(name);
  if (path === '' || path === ':memory:') return null;
  return style === 'win32' && /^\/[a-z]:/i.test(path) ? path.slice(1) : path;
}

/** Replaces percent escapes; a text in which they do not spell UTF-8 is left as it stands. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
