/** A report as data, to be written as Markdown or as HTML. */
export interface Document {
  readonly title: string;
  readonly lead: string;
  readonly sections: readonly DocumentSection[];
}

/** A part of a report under its heading. */
export interface DocumentSection {
  readonly heading: string;
  readonly blocks: readonly DocumentBlock[];
}

/** What stands under a heading. Text is plain: it has no markup, and none that is in it takes effect. */
export type DocumentBlock =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };
