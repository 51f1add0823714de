import { assert } from 'chai';
import { html } from 'lit';
import '../../../src/elements/admin/config/config.ts';
import type { ClocheConfig } from '../../../src/elements/admin/config/config.ts';
import type { HostOptions } from '../../../src/index.ts';
import { assertAccessible } from '../../helpers/axe.ts';
import { closeHosts, makeHost } from '../../helpers/hosts.ts';
import { find, renderElement, settled, textOf, until } from '../../helpers/render.ts';

afterEach(closeHosts);

const EVIL = '<img src=x onerror="globalThis.evil=1"><b>bold</b> \u202eevil';
const SECRET = 'sk-0123456789';
const wasm = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
const SCHEMA = {
  type: 'object',
  properties: {
    endpoint: { type: 'string', format: 'uri', title: 'Where your server is', description: EVIL },
    everyMinutes: { type: 'integer', minimum: 1, default: 15 },
    loud: { type: 'boolean', title: EVIL },
    level: { type: 'string', enum: ['low', EVIL] },
    names: { type: 'array', items: { type: 'string' } },
    extra: { type: 'object' },
    token: { type: 'string', writeOnly: true, 'x-hosts': ['https://api.example.com'] },
  },
  required: ['endpoint'],
};

async function config({
  schema = SCHEMA as object | null,
  own = {},
  ...options
}: {
  schema?: object | null;
  own?: object;
} & HostOptions = {}) {
  const host = await makeHost(options);
  const manifest = { cloche: 1, id: 'p', name: EVIL.slice(0, 60).replace('\u202e', ''), config: own };
  const plugin = await host.install({ wasm, manifest: { ...manifest, ...(schema && { configSchema: schema }) } });
  const element = await renderElement<ClocheConfig>(html`<cloche-config .host=${host} plugin="p"></cloche-config>`);
  await until(() => has(element, 'form'), 'the form');
  return { host, plugin, element };
}

const has = (element: ClocheConfig, selector: string): boolean => element.shadowRoot?.querySelector(selector) != null;
function enter(element: ClocheConfig, selector: string, value: string): void {
  const input = find<HTMLInputElement>(element, selector);
  input.value = value;
  input.dispatchEvent(new Event(input.localName === 'select' ? 'change' : 'input'));
}
const save = (element: ClocheConfig): void => find<HTMLElement>(element, 'button[type=submit]').click();
const saved = (element: ClocheConfig) =>
  until(() => textOf(find(element, '[role=status]')).startsWith('Saved'), 'it to be saved');
const press = async (element: ClocheConfig, selector: string): Promise<void> => {
  find<HTMLElement>(element, selector).click();
  await settled(element);
};

describe('<cloche-config>', () => {
  it('passes the axe checks with a schema, and something wrong', async () => {
    const { element } = await config();
    await assertAccessible(element);
  });

  it('passes the axe checks without a schema, in the dark', async () => {
    const { element } = await config({ schema: null, own: { a: '1' } });
    await press(element, '.add');
    element.style.colorScheme = 'dark';
    element.style.background = 'var(--cloche-surface)';
    element.style.setProperty('--cloche-motion', '0s');
    await assertAccessible(element);
  });

  it('saves what was entered, and leaves to the manifest what it says itself', async () => {
    const { plugin, element } = await config();
    const told: string[] = [];
    element.addEventListener('configsave', (event) => told.push(event.plugin));
    enter(element, 'input[type=url]', 'https://example.com');
    enter(element, 'textarea', 'Ada\nGrace');
    enter(element, 'select', '1');
    save(element);
    await saved(element);
    assert.deepEqual((await plugin.configuration()).values, {
      everyMinutes: 15,
      endpoint: 'https://example.com',
      names: ['Ada', 'Grace'],
      level: EVIL,
    });
    assert.deepEqual(told, ['p']);
    assert.isFalse(has(element, '[aria-invalid=true]'));
  });

  it('says what is wrong beside its field, and goes to the first', async () => {
    const { plugin, element } = await config();
    assert.include(textOf(find(element, '#error-0')), 'This is required.');
    enter(element, 'input[type=url]', 'https://example.com');
    enter(element, 'input[type=number]', '0');
    save(element);
    await until(() => textOf(find(element, '#error-1')) !== '', 'the error');
    assert.equal(textOf(find(element, '#error-1')), 'This should be at least 1.');
    assert.equal(textOf(find(element, '#error-0')), '');
    await until(() => element.shadowRoot?.activeElement === find(element, '#field-1'), 'the focus');
    assert.deepEqual((await plugin.configuration()).values, { everyMinutes: 15 });
    enter(element, 'textarea.mono', '{');
    save(element);
    await until(() => textOf(find(element, '#error-5')) === 'This is no JSON.', 'the other error');
  });

  it('X1: enters, replaces and forgets a secret, and shows it nowhere', async () => {
    const { plugin, element } = await config({ schema: { ...SCHEMA, required: [] } });
    enter(element, 'input[type=password]', 'short');
    save(element);
    await until(() => textOf(find(element, '#error-6')) !== '', 'the error');
    enter(element, 'input[type=password]', SECRET);
    save(element);
    await saved(element);
    assert.isFalse(has(element, 'input[type=password]'));
    assert.notInclude(element.shadowRoot?.innerHTML ?? '', SECRET);
    assert.include(['set', 'memory'], (await plugin.configuration()).secrets.token);
    await press(element, '.replace');
    assert.equal(find<HTMLInputElement>(element, 'input[type=password]').value, '');
    await press(element, '.keep');
    await press(element, '.forget');
    save(element);
    await saved(element);
    assert.equal((await plugin.configuration()).secrets.token, 'unset');
    assert.include(textOf(element), 'Sent to https://api.example.com only.');
  });

  it('P3: leaves the expressions of a plugin to the core', async () => {
    const schema = { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } };
    const { element } = await config({ schema });
    assert.isFalse(find(element, 'input').hasAttribute('pattern'));
  });

  it('U11: shows what a schema says as text', async () => {
    const { element } = await config();
    assert.isFalse(has(element, 'img, b'));
    assert.include(textOf(element), '<b>bold</b>');
    assert.notInclude(textOf(element), '\u202e');
    assert.isUndefined((globalThis as { evil?: number }).evil);
  });

  it('edits names and texts where there is no schema', async () => {
    const { plugin, element } = await config({ schema: null, own: { a: '1' } });
    await press(element, '.add');
    enter(element, '#name-1', 'a');
    await settled(element);
    assert.include(textOf(element), 'There is one of this name already.');
    enter(element, '#name-1', 'b');
    await settled(element);
    enter(element, '#value-1', '2');
    save(element);
    await saved(element);
    assert.deepEqual((await plugin.configuration()).values, { a: '1', b: '2' });
    await press(element, '.remove');
    save(element);
    await saved(element);
    assert.deepEqual((await plugin.configuration()).values, { a: '1' });
  });

  it('follows what is set elsewhere, unless something is entered here', async () => {
    const { plugin, element } = await config({ schema: { ...SCHEMA, required: [] } });
    await plugin.configure({ config: { everyMinutes: 3 } });
    await until(() => find<HTMLInputElement>(element, 'input[type=number]').value === '3', 'the new value');
    enter(element, 'input[type=number]', '7');
    await plugin.configure({ config: { everyMinutes: 4 } });
    await settled(element);
    assert.include(textOf(element), 'These settings were changed elsewhere.');
    assert.equal(find<HTMLInputElement>(element, 'input[type=number]').value, '7');
    await press(element, '.notice button');
    await until(() => find<HTMLInputElement>(element, 'input[type=number]').value === '4', 'the newest value');
  });

  it('shows nothing of a plugin that was saved as the settings of another', async () => {
    const { host, element } = await config({ schema: { ...SCHEMA, required: [] } });
    await host.install({ wasm, manifest: { cloche: 1, id: 'q', configSchema: { ...SCHEMA, required: [] } } });
    const told = new Promise((resolve) => element.addEventListener('configsave', resolve));
    enter(element, 'input[type=number]', '7');
    save(element);
    element.plugin = 'q';
    await told;
    await until(() => has(element, 'form'), 'the form');
    await settled(element);
    assert.equal(find<HTMLInputElement>(element, 'input[type=number]').value, '15');
  });

  it('lets nobody change what they may not', async () => {
    const { element } = await config({ trust: { can: { config: false } } });
    assert.isTrue(find<HTMLFieldSetElement>(element, 'fieldset').disabled);
    assert.isFalse(has(element, 'button[type=submit]'));
  });
});
