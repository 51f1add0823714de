// `plugins-manager:extra-services-manager/cli-service`: programs of a server.

import type { DialectFunction } from '../../../capabilities/services.ts';
import { dialectInterface, unavailableCall } from '../imports/import.ts';
import { eciesPrograms, type Programs } from './programs.ts';

export const CLI_SERVICE = 'plugins-manager:extra-services-manager/cli-service';

export function cliService(programs: Programs): DialectFunction[] {
  const none = (name: string) => unavailableCall(CLI_SERVICE, name);
  return dialectInterface('extra-services', CLI_SERVICE, {
    ...eciesPrograms(programs),
    'run-shell-command-derive-public-key-from-p12': ([jar, p12, password], context) =>
      programs.output(['java', '-jar', jar, 'public-key', p12, password], context),
    'run-shell-command-get-p12-cert': ([p12, password, cert], context) =>
      programs.output(
        ['openssl', 'pkcs12', '-in', p12, '-passin', `pass:${password}`, '-nokeys', '-out', cert],
        context,
      ),
    'run-shell-command-get-p12-fingerprint': ([cert], context) =>
      programs.output(['openssl', 'x509', '-in', cert, '-noout', '-fingerprint', '-sha256'], context),
    'run-shell-command-check-certificate-cas': ([root, intermediate, cert], context) =>
      programs.output(['openssl', 'verify', '-CAfile', root, '-untrusted', intermediate, cert], context),
    'run-shell-command-rsa-sign-data': ([jar, p12, data, password], context) =>
      programs.output(['java', '-jar', jar, 'sign-rsa', p12, data, password], context),
    'run-shell-command-ecdsa-sign-data': ([jar, p12, data, password], context) =>
      programs.output(['java', '-jar', jar, 'sign-ec', p12, data, password], context),
    // No program says of what kind a key is.
    'get-pk12-id': none('get-pk12-id'),
    'create-server-signature': none('create-server-signature'),
  });
}
