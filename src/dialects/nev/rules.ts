// What an app settles for plugins of Nev: which versions of the API it serves, and what its users have set.

import type { EditorService, Services } from '../../capabilities/services.ts';
import { ClocheError } from '../../errors.ts';
import type { DialectRules } from '../dialect.ts';
import { EDITOR, versionOf } from './functions/names.ts';
import { SettingGrants } from './setting-grants.ts';

export function nevRules(services: Services): DialectRules {
  const editor = services.get(EDITOR)?.editor;
  const grants = editor && new SettingGrants(editor.settings, new Set(services.keys()));
  const served = editor?.apiVersions;
  return {
    grant: ({ id }) => grants?.of(id),
    refusal({ id, apiVersion = 0 }) {
      if (!served || served.has(apiVersion)) return undefined;
      const others = [...served].map(([version, { until }]) => `${version}${until ? ` (until ${until})` : ''}`);
      const problem = `is for version ${apiVersion} of Nev's API, which this app does not serve`;
      const message = `Plugin "${id}" ${problem}; it serves ${others.join(' and ')}: build the plugin for that`;
      return new ClocheError('IMPORT_MISSING', message, { plugin: id });
    },
    notices: ({ apiVersion = 0 }) => noticesOf(served, apiVersion),
    finds: ({ apiVersion = 0 }, { capability }) => (versionOf(capability.name) ?? apiVersion) === apiVersion,
  };
}

function noticesOf(served: EditorService['apiVersions'], version: number): readonly string[] {
  const { deprecated, until } = served?.get(version) ?? {};
  if (deprecated === undefined && until === undefined) return [];
  const end = until === undefined ? '' : `, and served until ${until}`;
  return [`Version ${version} of Nev's API is deprecated${end}${deprecated === undefined ? '' : `: ${deprecated}`}`];
}
