import type { DescribedCommand, DescribedOption, DescribedProgram, ValueKind } from './commandModel.ts';

/** The shells there is completion for. */
export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;

/** One of {@link shells}. */
export type CompletedShell = (typeof shells)[number];

/** How each is told of the completion, as a comment in it and in the help. */
export const loading: Readonly<Record<CompletedShell, string>> = {
  bash: 'source <(autopack-hygiene completion bash)',
  zsh: 'source <(autopack-hygiene completion zsh)',
  fish: 'autopack-hygiene completion fish | source',
  powershell: 'autopack-hygiene completion powershell | Out-String | Invoke-Expression',
};

/** A script that has a shell complete commands, options, choices, and the names of files and folders. */
export function completionScript(shell: CompletedShell, program: DescribedProgram): string {
  const head = `# Completion of ${program.name} for ${shell}. Load it from the file that your shell reads at its start:\n#   ${loading[shell]}\n`;
  return head + scripts[shell](program);
}

const scripts: Readonly<Record<CompletedShell, (program: DescribedProgram) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
  powershell: powershellScript,
};

function isChoice(value: ValueKind): value is readonly string[] {
  return typeof value !== 'string';
}

/** In single quotes for bash, zsh and fish alike. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`'\''`)}'`;
}

/** It works in bash 3.2, which macOS has. Options given as `--name=value` arrive there in three words. */
function bashScript({ name, options, commands }: DescribedProgram): string {
  const complete = (value: ValueKind): string | null => {
    if (value === 'nothing') return null;
    if (value === 'file') return '_autopack_hygiene_names -f';
    if (value === 'folder') return '_autopack_hygiene_names -d';
    return isChoice(value) ? `_autopack_hygiene_words '${value.join(' ')}'` : ':';
  };
  const cases = (command: string, described: readonly DescribedOption[]): string[] =>
    described.flatMap(({ flags, value }) => {
      const action = complete(value);
      const patterns = flags.map((flag) => `'${command} ${flag}'`).join(' | ');
      return action === null ? [] : [`    ${patterns}) ${action}; return ;;`];
    });
  const words = (described: readonly DescribedOption[], more: readonly string[] = []): string =>
    [...more, ...described.flatMap(({ flags }) => flags)].join(' ');
  return `
_autopack_hygiene_words() {
  local word
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$1" -- "$current")
}

_autopack_hygiene_names() {
  local word
  compopt -o filenames 2>/dev/null
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen "$1" -- "$current")
}

_autopack_hygiene() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command='' word
  COMPREPLY=()
  if [[ $current == '=' ]]; then current=''
  elif [[ $previous == '=' ]]; then previous="\${COMP_WORDS[COMP_CWORD-2]}"; fi
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
      ${commands.map((command) => command.name).join(' | ')}) command="$word"; break ;;
    esac
  done
  case "$command $previous" in
${[...cases('', options), ...commands.flatMap((command) => cases(command.name, command.options))].join('\n')}
  esac
  case "$command" in
    '') _autopack_hygiene_words '${words(
      options,
      commands.map((command) => command.name),
    )}' ;;
${commands
  .map(
    (command) =>
      `    ${command.name}) _autopack_hygiene_words '${words(command.options, command.values.filter(isChoice).flat())}' ;;`,
  )
  .join('\n')}
  esac
}

complete -F _autopack_hygiene ${name}
`;
}

function zshScript({ name, options, commands }: DescribedProgram): string {
  const inBrackets = (text: string): string => text.replaceAll(/[[\]:\\]/g, String.raw`\$&`);
  const action = (value: ValueKind): string => {
    if (value === 'nothing') return '';
    if (isChoice(value)) return `:value:(${value.join(' ')})`;
    return { file: ':file:_files', folder: ':folder:_files -/', text: ':value: ' }[value];
  };
  const specs = (described: readonly DescribedOption[]): string[] =>
    described.flatMap(({ flags, description, value }) =>
      // May be given again: some options can, and zsh need not know which.
      flags.map((flag) => quoted(`*${flag}[${inBrackets(description)}]${action(value)}`)),
    );
  const argumentsOf = ({ values }: DescribedCommand): string[] =>
    values.map((value, index) => quoted(`${index + 1}${action(value)}`));
  const list = (items: readonly string[], indent: string): string => items.join(` \\\n${indent}`);
  return `
_autopack_hygiene() {
  local curcontext="$curcontext" state line
  typeset -A opt_args
  _arguments -C \\
    ${list([...specs(options), "'1: :->command'", "'*:: :->rest'"], '    ')} && return
  case $state in
    command)
      local -a commands
      commands=(
        ${commands.map((command) => quoted(`${command.name}:${command.description.replaceAll(':', String.raw`\:`)}`)).join('\n        ')}
      )
      _describe -t commands command commands ;;
    rest)
      case $words[1] in
${commands
  .map(
    (command) => `        ${command.name})
          _arguments \\
            ${list([...specs(command.options), ...argumentsOf(command)], '            ')} ;;`,
  )
  .join('\n')}
      esac ;;
  esac
}

(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _autopack_hygiene ${name}
`;
}

function fishScript({ name, options, commands }: DescribedProgram): string {
  const takes = (value: ValueKind): string => {
    if (value === 'nothing') return '';
    if (isChoice(value)) return ` -x -a ${quoted(value.join(' '))}`;
    return { file: ' -r -F', folder: " -x -a '(__fish_complete_directories)'", text: ' -x' }[value];
  };
  const line = (when: string, { flags, description, value }: DescribedOption): string => {
    const names = flags.map((flag) =>
      flag.startsWith('--') ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`,
    );
    return `complete -c ${name} -n ${quoted(when)}${names.join('')} -d ${quoted(description)}${takes(value)}`;
  };
  return `
complete -c ${name} -f
${[
  ...options.map((option) => line('__fish_use_subcommand', option)),
  ...commands.map(
    (command) =>
      `complete -c ${name} -n '__fish_use_subcommand' -a ${command.name} -d ${quoted(command.description)}`,
  ),
  ...commands.flatMap((command) => {
    const when = `__fish_seen_subcommand_from ${command.name}`;
    const values = command.values.filter(isChoice).flat();
    return [
      ...(values.length === 0
        ? []
        : [`complete -c ${name} -n ${quoted(when)} -a ${quoted(values.join(' '))}`]),
      ...command.options.map((option) => line(when, option)),
    ];
  }),
].join('\n')}
`;
}

/** PowerShell completes the names of files by itself where nothing else is offered. */
function powershellScript({ name, options, commands }: DescribedProgram): string {
  const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;
  const list = (values: readonly string[]): string => `@(${values.map(text).join(', ')})`;
  const entry = (described: readonly DescribedOption[], words: readonly string[]): string => {
    const choices = described.flatMap(({ flags, value }) =>
      value === 'nothing' ? [] : flags.map((flag) => `${text(flag)} = ${list(isChoice(value) ? value : [])}`),
    );
    return `@{ Words = ${list([...words, ...described.flatMap(({ flags }) => flags)])}; Values = @{ ${choices.join('; ')} } }`;
  };
  return `
Register-ArgumentCompleter -Native -CommandName ${name} -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $commands = @{
    '' = ${entry(
      options,
      commands.map((command) => command.name),
    )}
${commands
  .map(
    (command) =>
      `    ${text(command.name)} = ${entry(command.options, command.values.filter(isChoice).flat())}`,
  )
  .join('\n')}
  }
  $before = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
  $command = @($before | Where-Object { $_ -ne '' -and $commands.ContainsKey($_) }) + '' | Select-Object -First 1
  $previous = if ($before.Count -gt 0) { $before[-1] } else { '' }
  $entry = $commands[$command]
  $offered = if ($entry.Values.ContainsKey($previous)) { $entry.Values[$previous] } else { $entry.Words }
  $offered | Where-Object { $_ -like "$wordToComplete*" } |
    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
`;
}
