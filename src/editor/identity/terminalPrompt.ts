import { delimiter } from 'node:path';
import { isGuessed, type RoleFacts } from '../../core/identity/roleText.ts';

/** The variable by which prompts of any kind can tell the role; PowerShell has no other way. */
const roleVariable = 'AUTOPACK_HYGIENE_ROLE';

/** What puts the role of a database into the prompts of terminals. */
export interface TerminalPrompt {
  /** Set when a shell is started. */
  readonly variables: Readonly<Record<string, string>>;
  /**
   * What bash and zsh begin `PS1` with, once their own files were read. Both expand a prompt, and VS Code's script the
   * name of its variable, so that nothing stands here but words of ours: no file name, no `$`, no `%`, no pattern.
   */
  readonly prefix: string;
}

/** `shellFolder` is where what fish reads lies, absolute; `environment` is what shells inherit. */
export function terminalPrompt(
  known: RoleFacts,
  shellFolder: string,
  environment: Readonly<Record<string, string | undefined>>,
): TerminalPrompt {
  const role = known.role === 'unknown' ? 'unknown role' : known.role;
  const words = `${role}${isGuessed(known) ? ', not adopted' : ''}`;
  // What is meant without the variable, by the XDG Base Directory Specification.
  const { XDG_DATA_DIRS: folders = '' } = environment;
  const inherited = folders === '' ? ['/usr/local/share', '/usr/share'] : [folders];
  return {
    prefix: `(${words}) `,
    variables: {
      [roleVariable]: words,
      ...(process.platform === 'win32' ? {} : { XDG_DATA_DIRS: [shellFolder, ...inherited].join(delimiter) }),
    },
  };
}
