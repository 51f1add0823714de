import { assert } from 'chai';
import '../../demo/playground/app/app.ts';
import type { PlaygroundApp } from '../../demo/playground/app/app.ts';
import { closeHosts } from '../helpers/hosts.ts';
import { find, textOf, until } from '../helpers/render.ts';
import { app, drop, forgetTheme, headOf, resultOf } from './app-stand-in.ts';
import { ASKING, filesOf } from './plugins.ts';

afterEach(closeHosts);
after(forgetTheme);

/** The dialog, when it may be answered. */
async function consent(element: PlaygroundApp): Promise<HTMLElement> {
  const asking = find(element, 'cloche-consent');
  const isThere = (selector: string): boolean => asking.shadowRoot?.querySelector(selector) !== null;
  await until(() => isThere('.no') && !isThere('[inert]'), 'the consent');
  return asking;
}

describe('<playground-app>', () => {
  it('shows a plugin that has already run', async () => {
    const { element } = await app();
    assert.include(resultOf(element), 'Answered in');
    assert.include(textOf(find(element, 'playground-workbench', 'playground-result', 'playground-output')), '"count"');
    assert.isAbove(
      find(element, 'playground-inspector', 'playground-usage').shadowRoot?.querySelectorAll('cloche-limit-bar')
        .length ?? 0,
      3,
    );
  });

  it('asks before it installs what is dropped anywhere, and once more what becomes of one with its id', async () => {
    const { element, session } = await app();
    drop(await filesOf(ASKING));
    const first = await consent(element);
    assert.include(textOf(first), 'Your notes live there.');
    assert.isUndefined(session.host.get(ASKING.id));
    find(first, '.yes').click();
    await until(() => headOf(element).includes('Notes'), 'the plugin to be shown');
    drop(await filesOf({ ...ASKING, manifest: { version: '2.0.0', permissions: { kv: true } } }));
    const question = find(element, 'playground-taken-id');
    await until(() => question.shadowRoot?.querySelector('dialog[open]') !== null, 'the question');
    const keep = find(question, 'button[value=keep]');
    await until(() => keep.getAttribute('aria-disabled') === 'false', 'its buttons to work');
    keep.click();
    const second = await consent(element);
    assert.include(textOf(second), 'Update Notes?');
    find(second, '.yes').click();
    await until(() => headOf(element).includes('2.0.0'), 'the update to be shown');
  });
});
