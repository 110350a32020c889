import type { PageContent } from './pageModel.ts';

/** What a report shows. */
export type ReportContent = Extract<PageContent, { kind: 'report' }>;
