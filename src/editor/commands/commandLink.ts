import { commandIds, type CommandArguments, type CommandName } from '../ids.ts';

/** A Markdown link that runs a command; the text around it must be a `MarkdownString` that trusts the command. */
export function commandLink<Name extends CommandName>(
  title: string,
  name: Name,
  ...args: CommandArguments[Name]
): string {
  const query = args.length === 0 ? '' : `?${encodeURIComponent(JSON.stringify(args))}`;
  return `[${title}](command:${commandIds[name]}${query})`;
}
