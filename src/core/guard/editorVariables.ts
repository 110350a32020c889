/** What the variables of an editor's settings stand for. Paths are absolute. */
export interface EditorVariables {
  readonly workspaceFolder: string | null;
  /** Folders of the window by their names. */
  readonly namedFolders: ReadonlyMap<string, string>;
  readonly userHome: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Puts values in the place of `${workspaceFolder}`, `${workspaceFolder:name}`, `${userHome}` and `${env:NAME}`, as VS Code
 * does it in settings (code.visualstudio.com/docs/reference/variables-reference). Others stay as they are.
 */
export function resolveVariables(text: string, variables: EditorVariables): string {
  return text.replaceAll(/\$\{(\w+)(?::([^}]*))?\}/g, (whole, name: string, argument?: string) => {
    switch (name) {
      case 'workspaceFolder':
        return (
          (argument === undefined ? variables.workspaceFolder : variables.namedFolders.get(argument)) ?? whole
        );
      case 'userHome':
        return variables.userHome;
      case 'env':
        return variables.environment[argument ?? ''] ?? '';
      default:
        return whole;
    }
  });
}
