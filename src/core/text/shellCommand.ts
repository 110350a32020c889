/** Whose shell reads a command: of POSIX, or PowerShell, the editor's own terminal on Windows. */
export type Shell = 'posix' | 'powershell';

/**
 * Words without any character that a shell knows. A tilde, a hyphen or an equals sign means something at the front, and a tilde
 * also in what looks like an assignment (`a=~`).
 */
const plainWord = /^(?!.*[=:]~)[\w@%+:,./][\w@%+=:,./~-]*$/;
const plainWindowsWord = /^[\w./:\\][\w.+/\\:=~-]*$/;

/** A command as a person can paste it into a shell, whatever the words hold. */
export function shellCommand(words: readonly string[], shell: Shell = shellOf(words)): string {
  return words.map((word) => shellWord(word, shell)).join(' ');
}

/** One word of a command, in quotes where it needs them. */
export function shellWord(word: string, shell: Shell): string {
  const isOption = /^--?[a-z][\w-]*$/i.test(word) || word === '--';
  if (shell === 'powershell') {
    return isOption || plainWindowsWord.test(word) ? word : `'${word.replace(/['\u2018-\u201b]/g, '$&$&')}'`;
  }
  if (isOption || plainWord.test(word)) return word;
  // Control characters would be invisible, or end the line; only this form of bash, ksh and zsh can write them.
  // eslint-disable-next-line no-control-regex
  if (/[\x00-\x1f\x7f]/.test(word)) return `$'${Array.from(word, ansiCharacter).join('')}'`;
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** A path with a drive or a share can only be meant for Windows. */
function shellOf(words: readonly string[]): Shell {
  return words.some((word) => /^(?:[a-z]:[\\/]|\\\\)/i.test(word)) ? 'powershell' : 'posix';
}

function ansiCharacter(character: string): string {
  if (character === "'" || character === '\\') return `\\${character}`;
  const code = character.charCodeAt(0);
  return code < 0x20 || code === 0x7f ? `\\x${code.toString(16).padStart(2, '0')}` : character;
}
