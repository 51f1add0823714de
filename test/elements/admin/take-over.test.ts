import { assert } from 'chai';
import { html } from 'lit';
import '../../../src/elements/admin/take-over/take-over.ts';
import type { OnConsent } from '../../../src/elements/admin/consent/consent-events.ts';
import type { ClocheTakeOver } from '../../../src/elements/admin/take-over/take-over.ts';
import type { Host } from '../../../src/index.ts';
import { assertAccessible } from '../../helpers/axe.ts';
import { closeHosts, existing, makeHost } from '../../helpers/hosts.ts';
import { find, renderElement, settled, textOf, until } from '../../helpers/render.ts';
import { keepingGuest } from '../../helpers/windshift.ts';

afterEach(closeHosts);

const inFolder = (path: string, content: BlobPart): File =>
  Object.defineProperty(new File([content], path.replace(/^.*\//, '')), 'webkitRelativePath', {
    value: `plugins/${path}`,
  });
const folder = async (): Promise<File[]> => [
  inFolder('one/manifest.json', JSON.stringify({ name: 'one', version: '1.2' })),
  inFolder('one/plugin.wasm', await keepingGuest()),
  inFolder('two/manifest.json', '{'),
];
const rows = (value: string) => new Blob([JSON.stringify([{ plugin_name: 'one', key: 'k', value }])]);
const yes: OnConsent = ({ kind }) => (kind === 'ask' ? 'no' : { allow: ['kv'] });

async function elementOf(host: Host, onConsent: OnConsent, lang = 'en'): Promise<ClocheTakeOver> {
  const element = await renderElement<ClocheTakeOver>(
    html`<cloche-take-over lang=${lang} .host=${host} .onConsent=${onConsent}></cloche-take-over>`,
  );
  find<HTMLDetailsElement>(element, 'details').open = true;
  return element;
}

const seen = (element: Element, text: string) => until(() => textOf(element).includes(text), `“${text}”`);
const kept = async (host: Host) =>
  ((await existing(host.get('one')).call('kv_get', { key: 'k' })).json() as { value?: string }).value;
const take = (element: Element): void => find(element, 'li button').click();

describe('<cloche-take-over>', () => {
  it('takes a plugin over through its consent, and then its data', async () => {
    const host = await makeHost({ serviceWorker: '/cloche-sw.js' });
    const asked: string[] = [];
    const element = await elementOf(host, (request, signal) => {
      asked.push(request.kind);
      return yes(request, signal);
    });
    await element.readFolder(await folder());
    await element.readExport(rows('from there'));
    assert.deepEqual([asked, host.plugins.length], [[], 0], 'nothing without a decision');
    take(element);
    await seen(element, 'Taken over with its data');
    assert.deepEqual(asked, ['install']);
    assert.equal(await kept(host), 'from there');
    await element.readExport(rows('newer'));
    await seen(element, 'Take over its data');
    take(element);
    await seen(element, 'Taken over with its data');
    assert.deepEqual([asked, await kept(host)], [['install'], 'newer']);
  });

  it('leaves what is there where an export is broken, or the answer is no', async () => {
    const host = await makeHost({ serviceWorker: '/cloche-sw.js' });
    const element = await elementOf(host, () => false as never);
    await element.readFolder(await folder());
    await element.readExport(rows('x').slice(0, -1));
    await seen(element, 'DATA_INVALID');
    take(element);
    await settled(element.parentElement ?? element);
    await until(() => !find<HTMLButtonElement>(element, 'li button').disabled, 'the answer');
    assert.equal(host.plugins.length, 0);
    await element.readExport(rows('good'));
    await element.readExport(rows('x').slice(0, -1));
    element.onConsent = yes;
    await settled(element.parentElement ?? element);
    take(element);
    await seen(element, 'Taken over with its data');
    assert.equal(await kept(host), 'good');
  });

  it('shows in German what cannot be taken over beside what can, and passes the axe checks', async () => {
    const element = await elementOf(await makeHost(), yes, 'de');
    await element.readFolder(await folder());
    await element.readExport(rows('x'));
    await seen(element, 'Der Inhalt des Ordners two kann nicht übernommen werden.');
    await seen(element, 'PACKAGE_REJECTED');
    await assertAccessible(element);
  });
});
