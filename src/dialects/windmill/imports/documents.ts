// `plugins-manager:documents-manager/documents`: documents, templates, and files for both.

import { unavailable } from './import.ts';

export const documents = unavailable('plugins-manager:documents-manager/documents', [
  'create-document-as-temp-file',
  'get-tally-results',
  'get-s3-public-asset-file-path',
  'download-s3-file-to-string',
  'render-template-text',
  'hash-sha256',
  'upload-and-return-document',
  'run-shell-command-generate-ecies-key-pair',
  'encrypt-file',
  'run-shell-command-ecies-encrypt-string',
  'run-shell-command-ecies-sign-data',
]);
