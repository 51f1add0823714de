// Installs a plugin from a URL or a file. It may do nothing yet: what it asks for is allowed in the list.

import { ask } from './ask.js';
import { at } from './elements.js';

/** @param currentHost the host at the time of asking */
export function listenForInstall(currentHost) {
  at('install').addEventListener('submit', (event) => {
    event.preventDefault();
    const url = at('url').value.trim();
    if (url) void install(currentHost(), URL.parse(url, location.href) ?? url);
  });
  at('file').addEventListener('change', ({ target }) => {
    const [file] = target.files;
    // Else the same file, corrected and chosen again, would change nothing.
    target.value = '';
    if (file) void install(currentHost(), file);
  });
}

/** Installs a package, or a newer version of what is there, and says how that went. */
export async function install(host, source) {
  const name = source.name ?? String(source).split('/').at(-1);
  at('refused').textContent = '';
  at('installing').textContent = `Installing ${name}`;
  try {
    const plugin = await installOrUpdate(host, source);
    at('installing').textContent = plugin ? said(plugin) : '';
  } catch (error) {
    at('installing').textContent = '';
    at('refused').textContent = `${name} was not installed. ${error.message}`;
  }
}

function said({ manifest, pending }) {
  const { name, version } = manifest;
  if (pending) return `${name} ${version} stays for now: version ${pending.version} asks for more, see the list.`;
  return `${name} ${version} is installed.`;
}

async function installOrUpdate(host, source) {
  try {
    return await withLeftData(host, source, await host.install(source, { grant: 'none' }));
  } catch (error) {
    if (error.code !== 'ALREADY_INSTALLED') throw error;
    const options = await whatBecomesOf(host, error.plugin);
    return options && host.install(source, options);
  }
}

/** It starts empty. Where a plugin of its id has left data, only the admin knows whether this is the same one. */
async function withLeftData(host, source, plugin) {
  const left = (await host.orphans()).find(({ id }) => id === plugin.id);
  if (!left) return plugin;
  const day = new Date(left.since).toLocaleDateString();
  const answer = await ask({
    title: `${left.name} has left data`,
    text: `A plugin of the id ${left.id} was uninstalled on ${day}, and what it stored is still here. Give it to this one only if it is the same plugin.`,
    answers: [
      ['', 'Start empty'],
      ['take', 'Give it the data'],
      ['wipe', 'Wipe the data', 'danger'],
    ],
  });
  if (answer === 'wipe') await host.wipeOrphan(left.installation);
  if (answer !== 'take') return plugin;
  await plugin.uninstall({ wipe: true });
  return host.install(source, { grant: 'none', data: 'keep' });
}

/** An id says nothing about who made a plugin, so whose place and data it gets is the admin's to say. */
async function whatBecomesOf(host, id) {
  const { name, version } = host.get(id).manifest;
  const { answer, text } = await ask({
    title: `${name} has this id already`,
    text:
      `What you install brings the id ${id}, which ${name} ${version} has. An update gets its settings and all that it ` +
      'stored; a replacement starts empty, and what is stored is deleted. Beside it, under another id, both stay.',
    field: { label: 'Id beside it', value: freeId(host, id) },
    answers: [
      // First, since Enter in the field gives the first answer.
      ['beside', 'Install beside it'],
      ['update', 'Update it'],
      ['replace', 'Replace it', 'danger'],
      ['', 'Cancel', 'quiet'],
    ],
  });
  if (answer === 'update') return { replace: 'keep' };
  if (answer === 'replace') return { replace: 'wipe', grant: 'none' };
  return answer ? { id: text, grant: 'none' } : undefined;
}

function freeId(host, id) {
  for (let number = 2; ; number++) {
    const free = `${id.slice(0, 58)}-${number}`;
    if (!host.get(free)) return free;
  }
}
