/**
 * A predicate for paths (relative, with forward slashes) that match any of VS Code's glob patterns, as in `files.exclude`.
 * Each is translated once, for a search asks about every file. A pattern that makes no sense excludes nothing.
 */
export function excludeByGlobs(globs: readonly string[]): (path: string) => boolean {
  const expressions = globs.map(globExpression).filter((expression) => expression !== null);
  return (path) => expressions.some((expression) => expression.test(path));
}

/** The pieces of a glob: two stars with the slashes they stand between, a set, or one character. */
const pieces = /(?<folders>\*\*\/)|(?<rest>\/?\*\*)|\[(?<set>[^\]]{1,100})\]|(?<one>[^])/g;

function globExpression(glob: string): RegExp | null {
  let depth = 0;
  const translate = (character: string): string => {
    switch (character) {
      case '*':
        return '[^/]*';
      case '?':
        return '[^/]';
      case '{':
        depth++;
        return '(?:';
      case '}':
        if (depth === 0) return '\\}';
        depth--;
        return ')';
      case ',':
        return depth > 0 ? '|' : ',';
      default:
        return character.replace(/[\\^$.+()|[\]]/, '\\$&');
    }
  };
  const source = [...glob.matchAll(pieces)].map(({ groups = {} }) => {
    if (groups.folders !== undefined) return '(?:[^/]+/)*';
    // `data/**` is all that is in the folder, and the folder.
    if (groups.rest !== undefined) return groups.rest.startsWith('/') ? '(?:/.*)?' : '.*';
    if (groups.set !== undefined) return `[${groups.set.replace(/^!/, '^').replaceAll('\\', '\\\\')}]`;
    return translate(groups.one ?? '');
  });
  try {
    return new RegExp(`^${source.join('')}$`);
  } catch {
    return null;
  }
}
