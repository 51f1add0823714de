// Which URLs are a plugin's own, by tables: what gets through here reaches the plugin's routes.

import { assert } from 'chai';
import { pluginPath, pluginUrl } from '../../src/frames/plugin-url.ts';

const ORIGIN = 'https://host.example';
const own = (url: string): string | undefined => pluginUrl(url, ORIGIN, pluginPath('demo'))?.href;

describe('the URLs of a plugin', () => {
  const allowed: [string, string][] = [
    ['/api/plugins/demo/config', '/api/plugins/demo/config'],
    ['/api/plugins/demo/', '/api/plugins/demo/'],
    ['/api/plugins/demo/a?b=../c#d', '/api/plugins/demo/a?b=../c'],
    ['/api/plugins/demo/x/../config', '/api/plugins/demo/config'],
    ['/api/plugins/other/../demo/config', '/api/plugins/demo/config'],
    ['/api/plugins/demo/items/a%2Fb', '/api/plugins/demo/items/a%2Fb'],
    ['/api/plugins/demo/100%25', '/api/plugins/demo/100%25'],
    ['/api/plugins/demo/..x/.y/z..', '/api/plugins/demo/..x/.y/z..'],
    ['\\api\\plugins\\demo\\a', '/api/plugins/demo/a'],
  ];
  for (const [given, expected] of allowed) {
    it(`include ${given}`, () => assert.equal(own(ORIGIN + given), ORIGIN + expected));
  }

  const refused = [
    `${ORIGIN}/api/plugins/demo`,
    `${ORIGIN}/api/plugins/demo2/config`,
    `${ORIGIN}/api/plugins/DEMO/config`,
    `${ORIGIN}/api/plugins/%64emo/config`,
    `${ORIGIN}/api/plugins/other/config`,
    `${ORIGIN}/api/plugins/demo/../other/config`,
    `${ORIGIN}/api/plugins/demo/%2e%2e/other/config`,
    `${ORIGIN}/api/plugins/demo/.%2E/other/config`,
    `${ORIGIN}/api/plugins/demo/..\\other/config`,
    `${ORIGIN}/api/plugins/demo/..%2fother/config`,
    `${ORIGIN}/api/plugins/demo/..%5cother/config`,
    `${ORIGIN}/api/plugins/demo/%252e%252e%252fother/config`,
    `${ORIGIN}/api/plugins/demo/a/..;x/..;y/other`,
    `${ORIGIN}/api/plugins/demo/%2e%2e;/other`,
    `${ORIGIN}/api/plugins/demo/bad%`,
    `${ORIGIN}//api/plugins/demo/config`,
    `${ORIGIN}/api//plugins/demo/config`,
    `${ORIGIN}/x/api/plugins/demo/config`,
    `${ORIGIN}/`,
    `${ORIGIN}:8443/api/plugins/demo/config`,
    `${ORIGIN}./api/plugins/demo/config`,
    'http://host.example/api/plugins/demo/config',
    'https://user@host.example/api/plugins/demo/config',
    'https://user:pass@host.example/api/plugins/demo/config',
    'https://host.example@evil.example/api/plugins/demo/config',
    'https://host.example.evil.example/api/plugins/demo/config',
    'https://evil.example/api/plugins/demo/config',
    '//host.example/api/plugins/demo/config',
    '/api/plugins/demo/config',
    'blob:https://host.example/api/plugins/demo/config',
    'filesystem:https://host.example/api/plugins/demo/config',
    'data:text/plain,x',
    'javascript:alert(1)',
    'file:///api/plugins/demo/config',
    '',
    `${ORIGIN}/api/plugins/demo/${'a'.repeat(8_192)}`,
  ];
  for (const url of refused) {
    it(`leave out ${url.slice(0, 90) || 'nothing at all'}`, () => assert.isUndefined(own(url)));
  }
});
