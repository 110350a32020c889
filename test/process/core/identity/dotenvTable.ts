/** The environment in which the table was made. */
export const dotenvEnvironment = { HOME_DB: '/srv' };

/** Texts of `.env` files and what python-dotenv 0.21 makes of each: `load_dotenv(override=False)`, names and values. */
export const dotenvTable: readonly (readonly [
  text: string,
  values: readonly (readonly [string, string | null])[],
])[] = [
  ['DATABASE_URL=sqlite:///a.db\n', [['DATABASE_URL', 'sqlite:///a.db']]],
  ['DATABASE_URL=sqlite:///a#b.db\n', [['DATABASE_URL', 'sqlite:///a#b.db']]],
  ['DATABASE_URL=sqlite:///a.db #comment\n', [['DATABASE_URL', 'sqlite:///a.db']]],
  ['DATABASE_URL=sqlite:///a.db# no comment\n', [['DATABASE_URL', 'sqlite:///a.db# no comment']]],
  ["DATABASE_URL='sqlite:///a #b.db' # comment\n", [['DATABASE_URL', 'sqlite:///a #b.db']]],
  ['DATABASE_URL="sqlite:///a #b.db"#comment\n', [['DATABASE_URL', 'sqlite:///a #b.db']]],
  ['DATABASE_URL=`sqlite:///a.db`\n', [['DATABASE_URL', '`sqlite:///a.db`']]],
  ['DATABASE_URL="sqlite:///a\\n\\t\\"b\\\\.db"\n', [['DATABASE_URL', 'sqlite:///a\n\t"b\\.db']]],
  ["DATABASE_URL='sqlite:///a\\n\\'b\\\\.db'\n", [['DATABASE_URL', "sqlite:///a\\n'b\\.db"]]],
  ['DATABASE_URL=sqlite:///a\\n.db\n', [['DATABASE_URL', 'sqlite:///a\\n.db']]],
  ['export DATABASE_URL=sqlite:///a.db\n', [['DATABASE_URL', 'sqlite:///a.db']]],
  ['export\tDATABASE_URL = sqlite:///a.db \n', [['DATABASE_URL', 'sqlite:///a.db']]],
  ['exportDATABASE_URL=sqlite:///a.db\n', [['exportDATABASE_URL', 'sqlite:///a.db']]],
  ['export DATABASE_URL\n', [['DATABASE_URL', null]]],
  ['DATABASE_URL\n', [['DATABASE_URL', null]]],
  ['DATABASE_URL=\n', [['DATABASE_URL', '']]],
  ['DATABASE_URL= \n', [['DATABASE_URL', '']]],
  ['DATABASE_URL: sqlite:///a.db\n', []],
  ['DATABASE_URL : sqlite:///a.db\n', []],
  ['\ufeffDATABASE_URL=sqlite:///a.db\n', [['\ufeffDATABASE_URL', 'sqlite:///a.db']]],
  [
    '\ufeff\nDATABASE_URL=sqlite:///a.db\n',
    [
      ['\ufeff', null],
      ['DATABASE_URL', 'sqlite:///a.db'],
    ],
  ],
  ['DATABASE_URL=sqlite:///a.db\nDATABASE_URL=sqlite:///b.db\n', [['DATABASE_URL', 'sqlite:///b.db']]],
  ['DATABASE_URL=sqlite:///a.db\nDATABASE_URL\n', [['DATABASE_URL', null]]],
  ["'DATABASE_URL'=sqlite:///a.db\n", [['DATABASE_URL', 'sqlite:///a.db']]],
  ['"DATABASE_URL"=sqlite:///a.db\n', [['"DATABASE_URL"', 'sqlite:///a.db']]],
  ['database_url=sqlite:///a.db\n', [['database_url', 'sqlite:///a.db']]],
  [
    'DIR=data\nDATABASE_URL=sqlite:///${DIR}/a.db\n',
    [
      ['DIR', 'data'],
      ['DATABASE_URL', 'sqlite:///data/a.db'],
    ],
  ],
  [
    'DATABASE_URL=sqlite:///${DIR}/a.db\nDIR=late\n',
    [
      ['DATABASE_URL', 'sqlite:////a.db'],
      ['DIR', 'late'],
    ],
  ],
  ['DATABASE_URL=sqlite:///${DIR:-def}/a.db\n', [['DATABASE_URL', 'sqlite:///def/a.db']]],
  ['DATABASE_URL=sqlite:///${DIR:-}/a.db\n', [['DATABASE_URL', 'sqlite:////a.db']]],
  ['DATABASE_URL=sqlite:///$HOME_DB/a.db\n', [['DATABASE_URL', 'sqlite:///$HOME_DB/a.db']]],
  [
    'HOME_DB=file\nDATABASE_URL=sqlite:///${HOME_DB}/a.db\n',
    [
      ['HOME_DB', 'file'],
      ['DATABASE_URL', 'sqlite:////srv/a.db'],
    ],
  ],
  ["DATABASE_URL='sqlite:///${HOME_DB}/a.db'\n", [['DATABASE_URL', 'sqlite:////srv/a.db']]],
  ['DATABASE_URL=sqlite:///\\${HOME_DB}/a.db\n', [['DATABASE_URL', 'sqlite:///\\/srv/a.db']]],
  ['DATABASE_URL=sqlite:///${A:-${HOME_DB}}/a.db\n', [['DATABASE_URL', 'sqlite:///${HOME_DB}/a.db']]],
  ['DATABASE_URL=sqlite:///${:-$}{A}/a.db\n', [['DATABASE_URL', 'sqlite:///${A}/a.db']]],
  ["DATABASE_URL='sqlite:///a.db\nX=1\n", [['X', '1']]],
  [
    'DATABASE_URL="sqlite:///a.db\nDATABASE_URL=b"\nY=2\n',
    [
      ['DATABASE_URL', 'sqlite:///a.db\nDATABASE_URL=b'],
      ['Y', '2'],
    ],
  ],
  [
    'NOTE="first\nDATABASE_URL=sqlite:///inside.db\n"\nDATABASE_URL=sqlite:///a.db\n',
    [
      ['NOTE', 'first\nDATABASE_URL=sqlite:///inside.db\n'],
      ['DATABASE_URL', 'sqlite:///a.db'],
    ],
  ],
  ["DATABASE_URL='sqlite:///a.db' trailing\nX=1\n", [['X', '1']]],
  ['# DATABASE_URL=sqlite:///a.db\n', []],
  [' \t DATABASE_URL=sqlite:///a.db\n', [['DATABASE_URL', 'sqlite:///a.db']]],
  [
    'DATABASE_URL=sqlite:///a.db\r\nX=1\r\n',
    [
      ['DATABASE_URL', 'sqlite:///a.db'],
      ['X', '1'],
    ],
  ],
  [
    'DATABASE_URL=sqlite:///a.db\rX=1\r',
    [
      ['DATABASE_URL', 'sqlite:///a.db'],
      ['X', '1'],
    ],
  ],
  ['DATABASE_URL="a\r\nb"\r\n', [['DATABASE_URL', 'a\nb']]],
  ['=sqlite:///a.db\nX=1\n', [['X', '1']]],
  ['DATABASE URL=sqlite:///a.db\nX=1\n', [['X', '1']]],
  ['DATABASE_URL==sqlite:///a.db\n', [['DATABASE_URL', '=sqlite:///a.db']]],
  ["DATABASE_URL='a\\'\nX='1'\n", []],
  ['DATABASE_URL="a\\\\" "b"\n', []],
  ['DATABASE_URL=\u00a0sqlite:///a.db\u00a0\n', [['DATABASE_URL', 'sqlite:///a.db']]],
  ['DATABASE_URL=\u201csqlite:///a.db\u201d\n', [['DATABASE_URL', '\u201csqlite:///a.db\u201d']]],
  ['', []],
  ['\n\n', []],
  ['#', []],
  ['X', [['X', null]]],
  ['X=1', [['X', '1']]],
];
