// `plugins-manager:extra-services-manager/cli-service`: programs of a server.

import { unavailable } from './import.ts';

export const cliService = unavailable('plugins-manager:extra-services-manager/cli-service', [
  'run-shell-command-generate-ecies-key-pair',
  'encrypt-file',
  'run-shell-command-ecies-encrypt-string',
  'run-shell-command-ecies-sign-data',
  'run-shell-command-derive-public-key-from-p12',
  'run-shell-command-get-p12-cert',
  'run-shell-command-get-p12-fingerprint',
  'run-shell-command-check-certificate-cas',
  'get-pk12-id',
  'run-shell-command-rsa-sign-data',
  'run-shell-command-ecdsa-sign-data',
  'create-server-signature',
]);
