// What runs plugins of Windmill: docs/contracts/windmill.md.

import type { HookForm } from '../../extensions/context.ts';
import { bareDraft } from '../../manifest/manifest-draft.ts';
import { componentWorker } from '../../runtime/component/component-worker.ts';
import { decodeValues, encodeValues } from '../../runtime/wire/component/values.ts';
import { isComponent } from '../../util/wasm-header.ts';
import type { DialectCode } from '../dialect.ts';
import { askedFor } from '../extism/runs.ts';
import { DATABASE, databasesOf } from './databases.ts';
import { documents } from './documents/documents.ts';
import { cliService } from './extra-services/cli-service.ts';
import { Programs } from './extra-services/programs.ts';
import { requestService } from './extra-services/request-service.ts';
import { foldersOf } from './folders.ts';
import { completed, GET_MANIFEST } from './manifest.ts';
import { outgoingHandler } from './outgoing-handler.ts';
import { OwnFiles } from './own-files.ts';

export { http } from './http.ts';

export const hooks: HookForm = { args: encodeValues, result: (values) => decodeValues(values)[0] };

export const code: DialectCode = {
  read: () => bareDraft('windmill'),
  takes: isComponent,
  complete: completed,
  tellsId: true,
  ownWorker: componentWorker,
  guest: ({ name }, grants) => ({
    abi: 'component',
    instance: 'persistent',
    afterTrap: 'discard',
    start: [],
    apart: [GET_MANIFEST],
    wasi: 'preview2',
    // Each program asks which folders are open, also where it has no use for files: without a grant nobody asks the page.
    ...(grants.has('files') && { program: { args: [], env: [], folders: foldersOf(name) } }),
  }),
  functions: (services) => {
    const http = services.get('http')?.http;
    const files = new OwnFiles(services.get('files')?.files);
    const programs = new Programs(services.get('commands')?.relay);
    const options = services.get('documents')?.documents ?? {};
    return [
      ...(http ? [outgoingHandler(http)] : []),
      ...documents({ options, files, http, programs }),
      ...cliService({ options, files, programs }),
      ...requestService(http, files),
    ];
  },
  /** Importing a function is to ask for its capability; none is given before somebody says yes. */
  requests: ({ permissions }, imported) =>
    askedFor(imported, permissions).map((request) => {
      const functions = imported.find(({ name }) => name === request.capability && name === DATABASE)?.functions;
      return { ...request, ...(functions && { scope: { allow: databasesOf(functions) } }), optional: true };
    }),
};
