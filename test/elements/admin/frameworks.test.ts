// The admin element as plain HTML, React 19 and Vue 3 put it into a page: by attributes, properties and events.

import { assert } from 'chai';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { createApp, shallowRef } from 'vue/dist/vue.esm-browser.prod.js';
import { type ClocheAdmin, ConsentEvent } from '../../../src/elements/admin/index.ts';
import type { ClocheInstall } from '../../../src/elements/admin/install/install.ts';
import type { Host } from '../../../src/index.ts';
import { closeHosts, makeHost } from '../../helpers/hosts.ts';
import { find, settled, until } from '../../helpers/render.ts';

afterEach(closeHosts);

const source = {
  wasm: new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
  manifest: { cloche: 1, id: 'one', name: 'One', version: '1', permissions: {} },
};

type Hear = (event: ConsentEvent) => void;

/** Each puts `<cloche-admin>` with one tab, a host and a listener into the place. @returns how to take it away again */
const WAYS: Readonly<Record<string, (place: HTMLElement, host: Host, hear: Hear) => () => void>> = {
  'plain HTML': (place, host, hear) => {
    place.innerHTML = '<cloche-admin tabs="plugins" no-pages no-address></cloche-admin>';
    const admin = place.querySelector('cloche-admin');
    if (admin) admin.host = host;
    admin?.addEventListener('consent', hear);
    return () => place.replaceChildren();
  },
  'React 19': (place, host, hear) => {
    const root = createRoot(place);
    root.render(
      createElement('cloche-admin', { host, tabs: 'plugins', noPages: true, 'no-address': true, onconsent: hear }),
    );
    return () => root.unmount();
  },
  'Vue 3': (place, host, hear) => {
    const app = createApp({
      // Not a deep one: Vue would hand over a proxy of the host, and its private fields would not be found.
      setup: () => ({ host: shallowRef(host), hear }),
      template: '<cloche-admin :host="host" tabs="plugins" :no-pages="true" no-address @consent="hear"></cloche-admin>',
    });
    app.config.compilerOptions.isCustomElement = (tag) => tag.startsWith('cloche-');
    app.mount(place);
    return () => app.unmount();
  },
};

describe('<cloche-admin> in a page', () => {
  for (const [way, put] of Object.entries(WAYS)) {
    it(`takes attributes, properties and listeners from ${way}`, async () => {
      const host = await makeHost();
      const place = document.createElement('main');
      document.body.append(place);
      const heard: ConsentEvent[] = [];
      const takeAway = put(place, host, (event) => heard.push(event));
      await until(() => place.querySelector('cloche-admin')?.host === host, 'the host to be there');
      const admin = place.querySelector('cloche-admin') as ClocheAdmin;
      assert.deepEqual([admin.tabs, admin.noPages, admin.noAddress], ['plugins', true, true]);
      admin.onConsent = ({ kind }) => (kind === 'ask' ? 'no' : { allow: [] });
      await settled(place);
      await find<ClocheInstall>(admin, 'cloche-install').take(source);
      assert.isDefined(host.get('one'));
      assert.instanceOf(heard[0], ConsentEvent);
      assert.deepEqual([heard.length, heard[0]?.plugin, heard[0]?.allowed], [1, 'one', true]);
      takeAway();
      assert.isNull(place.querySelector('cloche-admin'));
      place.remove();
    });
  }
});
