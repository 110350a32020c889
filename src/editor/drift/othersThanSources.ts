import type { Finding } from '../../core/identity/findings.ts';

/** The findings without those about sources, which have rows of their own. */
export function othersThanSources(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ code }) => code !== 'drift' && code !== 'api-server');
}
