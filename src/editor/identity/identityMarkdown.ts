import { basename } from 'node:path';
import type { DatabaseFacts } from '../../core/model/databaseFacts.ts';
import { escapeMarkdown, inlineCode } from '../../core/text/markdown.ts';
import { counted } from '../../core/text/quantities.ts';
import type { IdentityVerdict } from './identityVerdict.ts';
import { contentFacts, fileFacts, telemetryFacts, warningFacts } from './identityFacts.ts';

/** The identity of a database as a Markdown document. */
export function identityMarkdown(
  facts: DatabaseFacts,
  { issues, sentence, nextStep }: IdentityVerdict,
): string {
  const { schema } = facts;
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
    section(
      'Schema',
      [
        `- **Fingerprint**: ${inlineCode(schema.fingerprint)}`,
        missing('Missing tables', schema.missingTables),
        missing('Missing columns', schema.missingColumns),
      ]
        .filter((line) => line !== null)
        .join('\n'),
    ),
  ]
    .filter((part) => part !== null)
    .join('\n\n')}\n`;
}

function section(title: string, body: string | null): string | null {
  return body === null || body === '' ? null : `## ${title}\n\n${body}`;
}

function missing(title: string, names: readonly string[]): string | null {
  return names.length === 0 ? null : `- **${title}**: ${names.map(inlineCode).join(', ')}`;
}
