/** A phase as planned, before any run. Category and complexity are as stored: years of versions left many spellings. */
export interface BacklogPhase {
  readonly phaseId: string;
  readonly name: string;
  readonly category: string | null;
  readonly complexity: string | null;
  readonly tier: string;
  readonly deliverables: readonly string[];
}

/** The plans that the runs of the example backlog work on, attempt after attempt. */
export const backlogPlans = {
  smoke: readPlan(`
    P1                    | Scope smoke test                    | -                 | -           | Smoke      | docs/scope.md
  `),
  importing: readPlan(`
    import-scanner        | Scan folders for new photos         | IMPLEMENT_FEATURE | MEDIUM      | Foundation | src/lantern/importing/scanner.py
    import-exif-reader    | Read EXIF dates and places          | IMPLEMENT_FEATURE | MEDIUM      | Foundation | src/lantern/importing/exif.py tests/test_exif.py
    import-dedupe         | Recognise duplicates                | IMPLEMENT_FEATURE | MEDIUM-HIGH | Foundation | src/lantern/importing/dedupe.py src/lantern/importing/hashes.py
    import-thumbnails     | Make thumbnails                     | backend           | medium      | Storage    | src/lantern/storage/thumbnails.py
    import-catalogue      | Write the catalogue                 | database          | high        | Storage    | src/lantern/storage/catalogue.py migrations/0004_catalogue.sql
    import-queue          | Import in the background            | backend           | medium      | Storage    | src/lantern/importing/queue.py
    import-tests          | Tests of a whole import             | tests             | medium      | Finish     | tests/test_import.py tests/conftest.py
    import-docs           | Describe importing                  | doc_write         | low         | Finish     | docs/importing.md
  `),
  sharing: readPlan(`
    share-links           | Links to albums                     | backend           | medium      | T1         | src/lantern/sharing/links.py
    share-expiry          | Links that expire                   | backend           | low         | T1         | src/lantern/sharing/expiry.py
    share-permissions     | Who may see and who may add         | backend           | high        | T1         | src/lantern/sharing/permissions.py src/lantern/sharing/roles.py
    share-audit-log       | Record who opened a link            | integration       | medium      | T1         | src/lantern/sharing/audit.py
    share-dialog          | Dialog for sharing                  | frontend          | medium      | T1         | web/src/ShareDialog.tsx web/src/shareDialog.css
    share-mail            | Send invitations                    | integration       | low         | T1         | src/lantern/sharing/mail.py
    share-tests           | Tests of sharing                    | testing           | medium      | T1         | tests/test_links.py tests/test_permissions.py
    share-docs            | Describe sharing                    | documentation     | low         | T1         | docs/sharing.md
    share-deploy          | Container for the public pages      | deployment        | medium      | T1         | deploy/Dockerfile deploy/compose.yaml deploy/smoke.sh
  `),
  searching: readPlan(`
    search-index          | Full-text index of captions         | implementation    | high        | T1         | src/lantern/search/index.py
    search-query          | Query language                      | implementation    | medium      | T1         | src/lantern/search/query.py
    search-dates          | Search by date and place            | implementation    | medium      | T1         | src/lantern/search/dates.py
    search-faces          | Search by person                    | implementation    | high        | T1         | src/lantern/search/people.py
    search-ranking        | Order of results                    | refactoring       | medium      | T1         | src/lantern/search/ranking.py
    search-page           | Search page                         | frontend          | low         | T1         | web/src/SearchPage.tsx
    search-config         | Settings of the index               | configuration     | low         | T1         | config/search.yaml
    search-migrations     | Move the old index                  | database          | medium      | T1         | migrations/0007_search.sql
    search-tests          | Tests of searching                  | tests             | medium      | T1         | tests/test_query.py tests/test_ranking.py
    search-docs           | Describe searching                  | docs              | low         | T1         | docs/searching.md
  `),
  maintenance: readPlan(`
    fix-timezone          | Photos moved by a day               | bugfix            | low         | T1         | src/lantern/importing/dates.py
    fix-locked-catalogue  | Catalogue locked during backup      | bug_fix           | medium      | T1         | src/lantern/storage/backup.py
    fix-flaky-import-test | Import test that fails on Mondays   | bugfix            | medium      | T1         | tests/test_import.py
    pin-dependencies      | Pin what the build needs            | configuration     | low         | T1         | pyproject.toml requirements.lock
    drop-python-39        | Drop Python 3.9                     | refactoring       | low         | T1         | pyproject.toml
    unskip-tests          | Run the skipped tests again         | tests             | medium      | T1         | tests/test_links.py
  `),
  documenting: readPlan(`
    docs-install          | Installation                        | docs              | low         | T1         | docs/install.md
    docs-first-steps      | First steps                         | docs              | low         | T1         | docs/first-steps.md
    docs-backup           | Backup and restore                  | documentation     | low         | T1         | docs/backup.md
    docs-api              | Reference of the API                | doc               | medium      | T1         | docs/api.md
    docs-changelog        | Change log since 0.6                | doc_write         | low         | T1         | CHANGELOG.md
  `),
} satisfies Record<string, readonly BacklogPhase[]>;

/** One phase a line, its cells divided by bars; `-` stands for nothing stored. */
function readPlan(table: string): BacklogPhase[] {
  return table
    .trim()
    .split('\n')
    .map((line) => {
      const [phaseId = '', name = '', category = '', complexity = '', tier = '', files = ''] = line
        .split('|')
        .map((cell) => cell.trim());
      return {
        phaseId,
        name,
        category: category === '-' ? null : category,
        complexity: complexity === '-' ? null : complexity,
        tier,
        deliverables: files.split(' '),
      };
    });
}
