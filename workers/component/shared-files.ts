// Functions of the page that work on the plugin's files while its guest waits: what the guest has written is there before they run, and
// what they have written when they have.

import type { FunctionShape } from '../../src/runtime/wire/protocol.ts';

const SHARING: ReadonlySet<string> = new Set([
  'plugins-manager:documents-manager/documents',
  'plugins-manager:extra-services-manager/request-service',
]);

export function sharesFiles({ namespace }: Pick<FunctionShape, 'namespace'>): boolean {
  return SHARING.has(namespace);
}
