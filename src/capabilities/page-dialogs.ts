// Capability `dialogs`: whether a plugin's pages may open `alert`, `confirm` and `prompt` of the browser.

import { type Capability, defineCapability } from './capability.ts';
import { sentence } from './sentences.ts';

/** No host functions: it is the sandbox of a plugin's page that asks for this grant. */
export function dialogs(): Capability {
  return defineCapability({
    name: 'dialogs',
    risk: 'low',
    summary: sentence(
      'dialogs',
      'Let its pages ask you questions in windows of the browser, which hold up this page until you answer.',
    ),
    functions: {},
  });
}
