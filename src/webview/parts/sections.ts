import { html, type Child } from '../elements/dom.ts';

/** The sections in their order: the anchor and the name in the page's navigation. */
const sections = [
  ['overview', 'Overview'],
  ['predictions', 'Predictions'],
  ['distribution', 'Distribution'],
  ['trend', 'Trend'],
  ['groups', 'Groups'],
  ['models', 'Models'],
  ['suspects', 'Suspect samples'],
  ['coverage', 'Coverage'],
  ['proposal', 'Proposal'],
] as const;

/** The anchor of a section. */
export type SectionId = (typeof sections)[number][0];

/** Links to the sections. */
export function sectionLinks(): Node {
  const links = sections.map(([id, name]) => html('li', {}, html('a', { href: `#${id}` }, name)));
  return html('nav', { class: 'links', 'aria-label': 'Sections' }, html('ul', {}, ...links));
}

/** A section under its heading; a bare one has no frame, and its heading is only for assistive technology. */
export function pageSection(
  id: SectionId,
  title: string,
  { bare = false }: { readonly bare?: boolean },
  ...content: readonly Child[]
): HTMLElement {
  return html(
    'section',
    { id, class: bare ? 'bare' : 'card', 'aria-labelledby': `${id}-title` },
    html('h2', { id: `${id}-title`, class: bare ? 'hidden' : null }, title),
    ...content,
  );
}
