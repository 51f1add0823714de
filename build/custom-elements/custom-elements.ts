import type { Plugin } from 'vite';
import { elementsManifest } from './manifest.ts';
import { reactTypings, vueTypings } from './typings.ts';

/** Ships `custom-elements.json`, and the elements' typings for frameworks, beside the modules. */
export function customElements(): Plugin {
  return {
    name: 'cloche:custom-elements',
    generateBundle() {
      const manifest = elementsManifest();
      const files = {
        'custom-elements.json': `${JSON.stringify(manifest, null, 2)}\n`,
        'react.d.ts': reactTypings(manifest),
        'vue.d.ts': vueTypings(manifest),
      };
      for (const [fileName, source] of Object.entries(files)) this.emitFile({ type: 'asset', fileName, source });
    },
  };
}
