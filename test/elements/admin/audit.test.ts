import { assert } from 'chai';
import { html } from 'lit';
import '../../../src/elements/admin/audit/audit.ts';
import type { ClocheAudit } from '../../../src/elements/admin/audit/audit.ts';
import { KillEvent, LogEvent } from '../../../src/events.ts';
import type { AuditLog, Host, HostOptions, LogRecord } from '../../../src/index.ts';
import { defaultCapabilities, defineCapability } from '../../../src/index.ts';
import { assertAccessible } from '../../helpers/axe.ts';
import { guest } from '../../helpers/guests.ts';
import { closeHosts, makeHost } from '../../helpers/hosts.ts';
import { find, press, renderElement, settled, textOf, until } from '../../helpers/render.ts';

afterEach(closeHosts);

const EVIL = '<img src=x onerror="globalThis.evil=1"><b>bold</b> \u202eevil\u0007';
const echo = defineCapability({
  name: 'echo',
  functions: { echo_back: { params: ['bytes'], result: 'bytes', call: ([bytes]) => bytes } },
});

async function audit(options: HostOptions = {}, plugin = '') {
  const capabilities = [...defaultCapabilities(), echo];
  const host = await makeHost({ capabilities, serviceWorker: '/cloche-sw.js', ...options });
  const element = await renderElement<ClocheAudit>(html`<cloche-audit .host=${host} plugin=${plugin}></cloche-audit>`);
  return { host, element };
}

/** As the host tells it: a log has been cleaned of marks by then, and another source may not. */
function say(host: Host, text: string, part: Partial<LogRecord> = {}): void {
  host.dispatchEvent(new LogEvent({ plugin: 'p', time: Date.now(), level: 'info', source: 'plugin', text, ...part }));
}

const rows = (element: ClocheAudit): HTMLElement[] => [
  ...(element.shadowRoot?.querySelectorAll<HTMLElement>('.row') ?? []),
];
const texts = (element: ClocheAudit): string[] => rows(element).map((row) => textOf(find(row, '.what')));
const has = (element: ClocheAudit, selector: string): boolean => element.shadowRoot?.querySelector(selector) != null;
const shows = (element: ClocheAudit, count: number) => until(() => rows(element).length === count, `${count} rows`);
async function open(element: ClocheAudit, text: string): Promise<void> {
  rows(element)
    .find((row) => textOf(row).includes(text))
    ?.click();
  await settled(element);
}
async function enter(element: ClocheAudit, selector: string, value: string): Promise<void> {
  const input = find<HTMLInputElement>(element, selector);
  input.value = value;
  input.dispatchEvent(new Event(input.localName === 'select' ? 'change' : 'input'));
  await settled(element);
}

async function callOf(host: Host, options: object = {}) {
  const body = `(func (export "run") (result i32) (call $put (call $echo_back (call $alloc (i64.const 3)))) (i32.const 0))`;
  const imports = '(import "extism:host/user" "echo_back" (func $echo_back (param i64) (result i64)))';
  const wasm = await guest(body, imports);
  return host.install({ wasm, manifest: { cloche: 1, id: 'p', permissions: { echo: true } } }, options);
}

describe('<cloche-audit>', () => {
  it('passes the axe checks, empty, with rows of each kind, and with one that is open', async () => {
    const { host, element } = await audit();
    await assertAccessible(element);
    for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const) say(host, EVIL, { level });
    const kill = { plugin: 'p', time: 1, code: 'TIMEOUT', exportName: 'run', message: 'x', afterMs: 5 } as const;
    host.dispatchEvent(new KillEvent(kill));
    await shows(element, 6);
    await open(element, 'TIMEOUT');
    await assertAccessible(element);
  });

  it('shows what happens as it happens, newest first, by plugin, level and text', async () => {
    const { host, element } = await audit();
    say(host, 'one');
    say(host, 'two', { level: 'error', plugin: 'q' });
    await shows(element, 2);
    assert.deepEqual(texts(element), ['two', 'one']);
    await enter(element, '.of-plugin', 'q');
    assert.deepEqual(texts(element), ['two']);
    await enter(element, '.of-plugin', '');
    await enter(element, '.of-level', 'error');
    assert.deepEqual(texts(element), ['two']);
    await enter(element, '.of-level', 'trace');
    await enter(element, 'input[type=search]', 'ONE');
    assert.deepEqual(texts(element), ['one']);
    await enter(element, 'input[type=search]', 'nothing');
    assert.include(textOf(find(element, '.empty')), 'Nothing matches.');
    find(element, '.empty button').click();
    await shows(element, 2);
  });

  it('opens a call to what was sent and what came back', async () => {
    const { host, element } = await audit();
    const plugin = await callOf(host);
    await plugin.call('run');
    await until(() => texts(element).some((text) => text.startsWith('echo · echo_back')), 'the call');
    await open(element, 'echo_back');
    const carried = [...(element.shadowRoot?.querySelectorAll('.carried') ?? [])].map((one) => textOf(one));
    assert.deepEqual(carried, ['\\u0000\\u0000\\u0000', '\\u0000\\u0000\\u0000']);
    assert.include(textOf(find(element, '.detail')), '3 bytes there, 3 bytes back');
  });

  it('offers to allow exactly what was denied', async () => {
    const { host, element } = await audit();
    const plugin = await callOf(host, { grant: 'none' });
    await plugin.call('run').catch(() => undefined);
    await until(() => texts(element).some((text) => text.includes('PERMISSION_DENIED')), 'the denied call');
    await open(element, 'echo · echo_back');
    assert.include(textOf(find(element, '.detail')), 'Use echo: echo_back.');
    find(element, '.allow').click();
    await until(() => textOf(find(element, '.detail')).includes('Allowed.'), 'it to be allowed');
    await plugin.call('run');
    assert.deepEqual([...plugin.grants.keys()].sort(), ['echo', 'log']);
  });

  it('offers that to nobody who may not decide', async () => {
    const { host, element } = await audit({ trust: { can: { grant: false } } });
    const plugin = await callOf(host, { grant: 'none' });
    await plugin.call('run').catch(() => undefined);
    await until(() => texts(element).some((text) => text.includes('PERMISSION_DENIED')), 'the denied call');
    await open(element, 'echo · echo_back');
    assert.isFalse(has(element, '.allow'));
  });

  it('shows what people did before and do now, where the host keeps an audit', async () => {
    const host = await makeHost({ audit: { who: () => EVIL } });
    await host.install({ wasm: await guest(), manifest: { cloche: 1, id: 'p' } });
    const element = await renderElement<ClocheAudit>(html`<cloche-audit .host=${host} plugin="p"></cloche-audit>`);
    await until(() => texts(element).includes('installed'), 'what was done before');
    await host.get('p')?.disable();
    await until(() => texts(element).includes('switched off'), 'what was done now');
    assert.equal(texts(element).filter((text) => text === 'installed').length, 1);
    await open(element, 'installed');
    assert.include(textOf(find(element, '.detail')), '<b>bold</b>');
    assert.isFalse(has(element, 'img, b'));
  });

  it('leaves out what comes late of the plugin that was shown before', async () => {
    const host = await makeHost({ audit: true });
    const wasm = await guest();
    for (const id of ['p', 'q']) await host.install({ wasm, manifest: { cloche: 1, id } });
    const audit = host.audit as AuditLog;
    const entries = audit.entries.bind(audit);
    let arrive: () => void = () => undefined;
    const late = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    audit.entries = async function* (filter) {
      if (filter?.plugin === 'p') await late;
      return yield* entries(filter);
    };
    const element = await renderElement<ClocheAudit>(html`<cloche-audit .host=${host} plugin="p"></cloche-audit>`);
    element.plugin = 'q';
    await until(() => texts(element).includes('installed'), 'what was done');
    arrive();
    // It is read at once by now.
    for await (const _ of entries({ plugin: 'p' }));
    say(host, 'more', { plugin: 'q' });
    await until(() => texts(element).includes('more'), 'what is told now');
    assert.deepEqual(texts(element), ['more', 'installed']);
  });

  it('H12, U11: shows control characters, marks that turn text and markup, and runs none', async () => {
    const { host, element } = await audit();
    say(host, EVIL, { plugin: EVIL });
    await shows(element, 1);
    await open(element, 'evil');
    assert.isFalse(has(element, 'img, b'));
    for (const mark of ['\u202e', '\u0007']) assert.notInclude(element.shadowRoot?.textContent ?? '', mark);
    assert.include(textOf(find(element, '.detail')), '<b>bold</b> \\u202eevil\\u0007');
    assert.isUndefined((globalThis as { evil?: number }).evil);
  });

  it('draws of a long list what is seen, and goes through it with the keyboard', async () => {
    const { host, element } = await audit();
    for (let at = 0; at < 6_000; at++) say(host, `line ${at}`);
    await until(() => texts(element)[0] === 'line 5999', 'the newest');
    assert.isBelow(rows(element).length, 60);
    assert.include(textOf(find(element, '.foot')), '5,000 entries');
    const list = find(element, '.list');
    assert.approximately(list.scrollHeight / 5_000, rows(element)[0]?.offsetHeight ?? 0, 2);
    rows(element)[0]?.focus();
    press(rows(element)[0] as HTMLElement, 'End');
    await until(() => textOf(element.shadowRoot?.activeElement as Element).includes('line 1000'), 'the oldest');
    assert.isBelow(rows(element).length, 60);
  });

  it('keeps the place of whoever reads, and says what has come', async () => {
    const { host, element } = await audit();
    say(host, 'first');
    await shows(element, 1);
    await open(element, 'first');
    say(host, 'second');
    await until(() => has(element, '.new'), 'the notice');
    assert.deepEqual(texts(element), ['first']);
    assert.include(textOf(find(element, '.new')), 'Show 1 new entry');
    find(element, '.new').click();
    await shows(element, 2);
  });

  it('exports what is shown as lines of JSON', async () => {
    const { host, element } = await audit();
    say(host, 'one');
    say(host, 'two');
    await shows(element, 2);
    await enter(element, 'input[type=search]', 'two');
    const lines = (await element.exportShown().text()).trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).log.text),
      ['two'],
    );
  });

  it('shows nothing to whoever may not read logs', async () => {
    const { element } = await audit({ trust: { can: { logs: false } }, audit: true });
    assert.isFalse(has(element, '.list, .filters'));
    assert.include(textOf(element), 'You may not read');
  });
});
