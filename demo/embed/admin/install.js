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
    at('installing').textContent = plugin ? `${plugin.manifest.name} ${plugin.manifest.version} is installed.` : '';
  } catch (error) {
    at('installing').textContent = '';
    at('refused').textContent = `${name} was not installed. ${error.message}`;
  }
}

async function installOrUpdate(host, source) {
  try {
    return await host.install(source, { grant: 'none' });
  } catch (error) {
    if (error.code !== 'ALREADY_INSTALLED') throw error;
    const answer = await ask({
      title: 'It is installed already',
      text: 'Put this version in its place? What you have set and what it stored stay.',
      answers: [
        ['update', 'Update it'],
        ['', 'Cancel', 'quiet'],
      ],
    });
    return answer ? host.install(source, { replace: true }) : undefined;
  }
}
