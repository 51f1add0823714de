import { assert } from 'chai';
import { html } from 'lit';
import '../../demo/playground/plugin-head/plugin-head.ts';
import type { HeadOfPlugin, PluginHead } from '../../demo/playground/plugin-head/plugin-head.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { find, renderElement, textOf } from '../helpers/render.ts';

const manifest = { name: 'Notes', version: '1.0.0', description: 'Keeps notes.', author: '', contributions: [] };

function head(more: Partial<HeadOfPlugin> = {}): Promise<PluginHead> {
  const plugin: HeadOfPlugin = { state: 'running', needsServer: new Map(), pending: undefined, manifest, ...more };
  return renderElement<PluginHead>(html`<playground-plugin-head .plugin=${plugin}></playground-plugin-head>`);
}

const PENDING = { version: '2.0.0', sha256: 'ab', requests: [] } as unknown as HeadOfPlugin['pending'];

describe('<playground-plugin-head>', () => {
  for (const [what, more, label, said] of [
    ['is in quarantine', { state: 'quarantined' }, 'Quarantined', /stopped too often/],
    ['has an update that waits', { pending: PENDING }, 'An update waits', /Version 2\.0\.0 waits/],
  ] as const) {
    it(`says that a plugin ${what}, and leads to its page`, async () => {
      const element = await head(more);
      const group = find(element, `[aria-label="${label}"]`);
      assert.match(textOf(group), said);
      await assertAccessible(element);
      let asked = 0;
      element.addEventListener('playground-page', () => asked++);
      find(group, 'button').click();
      assert.equal(asked, 1);
    });
  }

  it('says nothing of the kind of others', async () => {
    const element = await head();
    assert.isNull(element.shadowRoot?.querySelector('[role=group]') ?? null);
    await assertAccessible(element);
  });

  it('says that a plugin needs a server, and for what where no page of it does', async () => {
    const needsServer = new Map([['mail', 'Sending mail needs a server.']]);
    const contributions = [{}] as unknown as HeadOfPlugin['manifest']['contributions'];
    for (const [given, isSaid] of [
      [contributions, false],
      [[], true],
    ] as const) {
      const element = await head({ needsServer, manifest: { ...manifest, contributions: given } });
      assert.equal(textOf(find(element, 'cloche-state[state=needs-server]')), 'needs a server');
      assert.equal(textOf(element).includes('Sending mail needs a server.'), isSaid);
      await assertAccessible(element);
    }
  });

  it('shows the description as text', async () => {
    const element = await head({ manifest: { ...manifest, description: '<a href="//evil.example">Log in</a>' } });
    assert.isNull(element.shadowRoot?.querySelector('a') ?? null);
    assert.include(textOf(element), '<a href="//evil.example">');
  });

  it('U11: makes visible what would get a word of the plugin out of its place', async () => {
    const evil = 'x\u2069\u202e';
    const element = await head({
      manifest: { ...manifest, name: evil, version: evil, description: evil, author: evil },
    });
    const text = textOf(element);
    assert.lengthOf(text.match(/x\\u2069\\u202e/g) ?? [], 4);
    assert.notMatch(text, /[\u2069\u202e]/);
  });
});
