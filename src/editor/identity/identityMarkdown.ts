import { basename } from 'node:path';
import type { DatabaseFacts } from '../../core/model/databaseFacts.ts';
import { escapeMarkdown } from '../../core/text/markdown.ts';
import { counted } from '../../core/text/quantities.ts';
import type { IdentityVerdict } from './identityVerdict.ts';
import { contentFacts, fileFacts, schemaFactList, telemetryFacts, warningFacts } from './identityFacts.ts';

/** The identity of a database as a Markdown document. */
export function identityMarkdown(
  facts: DatabaseFacts,
  { issues, sentence, nextStep }: IdentityVerdict,
): string {
  return `${[
    `# Identity of ${escapeMarkdown(basename(facts.path))}`,
    section(
      counted(issues.length, 'issue'),
      issues.map(({ message }) => `- ${escapeMarkdown(message)}`).join('\n'),
    ),
    `${escapeMarkdown(sentence)} **${escapeMarkdown(nextStep)}**`,
    section('Notes', warningFacts(facts)),
    section('File', fileFacts(facts)),
    section('Content', contentFacts(facts)),
    section('Telemetry', telemetryFacts(facts)),
    section('Schema', schemaFactList(facts)),
  ]
    .filter((part) => part !== null)
    .join('\n\n')}\n`;
}

function section(title: string, body: string | null): string | null {
  return body === null || body === '' ? null : `## ${title}\n\n${body}`;
}
