// The import boundaries of the architecture, folder by folder; src/README.md tells what each folder is for.

/**
 * Folders from the lowest layer to the highest: each may import those before it, none of those after it.
 * @type {readonly (readonly [root: string, folders: readonly string[]])[]}
 */
const layers = [
  [
    './src/core',
    [
      'text',
      'model',
      'db',
      'identity',
      'queries',
      'failures',
      'telemetry',
      'seed',
      'maintenance',
      'builders',
      'drain',
    ],
  ],
  ['./src/core/db', ['sqlJs', 'scan', 'snapshot']],
  [
    './src/core/telemetry',
    ['statistics', 'estimator', 'samples', 'logs', 'evidence', 'analysis', 'page', 'report', 'calibration'],
  ],
  [
    './src/editor',
    [
      ...[
        'window',
        'commands',
        'database',
        'apiServers',
        'offers',
        'guard',
        'runs',
        'maintenance',
        'identity',
      ],
      ...['seed', 'failures', 'builders', 'drains', 'telemetry', 'quickstart', 'agents'],
      ...['databaseFile', 'links', 'keyboard', 'browser'],
    ],
  ],
  ['./src/webview', ['model', 'elements', 'chart', 'filters', 'parts']],
  [
    './src/node',
    [
      'system',
      'postgres',
      'writer',
      'reader',
      'identity',
      'watch',
      'telemetry',
      'builders',
      'drain',
      'maintenance',
      'agentTools',
    ],
  ],
];

const betweenLayers = layers.flatMap(([root, folders]) =>
  folders.flatMap((folder, index) =>
    folders.slice(index + 1).map((above) => ({ target: `${root}/${folder}`, from: `${root}/${above}` })),
  ),
);

/**
 * Which folder may not import which: `target` is the importer, `from` is out of its reach.
 * @type {readonly { readonly target: string, readonly from: string, readonly except?: readonly string[] }[]}
 */
export const boundaries = [
  { target: './src/core', from: './src', except: ['./core'] },
  { target: './src/reader', from: './src', except: ['./core', './protocol', './reader'] },
  { target: './src/node', from: './src', except: ['./core', './node', './protocol', './reader'] },
  { target: './src/web', from: './src', except: ['./core', './protocol', './reader', './web'] },
  { target: './src/webStart.ts', from: './src/node' },
  { target: './src/webExtension.ts', from: './src/node' },
  { target: './src/protocol', from: './src', except: ['./core', './protocol'] },
  { target: './src/webview', from: './src', except: ['./core', './protocol', './webview'] },
  {
    target: './src/commandLine',
    from: './src',
    except: ['./core', './node', './protocol', './reader', './commandLine'],
  },
  {
    target: './src/editor',
    from: './src',
    except: ['./core', './node', './protocol', './reader', './editor'],
  },
  { target: './src/editor/browser', from: './src/node' },
  { target: './src/editor', from: './src/core/db/sqlJs' },
  { target: './src', from: './test' },
  ...betweenLayers,
];
