// `plugins-manager:transactions-manager/vault`: secrets by tenant and key.

import { unavailable } from './import.ts';

export const vault = unavailable('plugins-manager:transactions-manager/vault', ['read-secret', 'save-secret']);
