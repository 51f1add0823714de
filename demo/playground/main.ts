// Starts the playground: a host, the examples, and the first of them already run.

import { askWith } from '../../src/elements/admin/consent/consent-events.ts';
import { createHost, defaultCapabilities, nevCapabilities, windmillCapabilities } from '../../src/index.ts';
import type { PlaygroundApp } from './app/app.ts';
import './app/app.ts';
import { LateEditor, nevOptions } from './editor/interfaces.ts';
import { tellOfSession } from './editor/session-events.ts';
import { fetchExamples } from './examples.ts';
import { failureOf } from './failure.ts';
import { type Loading, Session } from './session.ts';

const STORAGE = 'cloche-playground';

const app = document.querySelector('playground-app');
if (!app) throw new Error('Expected <playground-app> in the page');
await start(app);

async function start(app: PlaygroundApp): Promise<void> {
  try {
    const late = new LateEditor();
    let session: Session | undefined;
    const onProgress = (loading: Loading): void => session?.noteDatabase(loading);
    const capabilities = [
      ...defaultCapabilities({ storage: STORAGE }),
      ...(await nevCapabilities(nevOptions(late))),
      ...(await windmillCapabilities({ databases: { storage: STORAGE, onProgress } })),
    ];
    const options = { storage: STORAGE, capabilities, audit: true, usage: true, ask: askWith(app) };
    session = new Session(await createHost(options));
    app.editor = late;
    app.session = session;
    await session.load(() => fetchExamples(document.baseURI));
    await session.showFirst();
    tellOfSession(session.host, document, (thrown) => console.warn('Plugins were not told of the session', thrown));
    await tellDatabaseSize(session);
  } catch (thrown) {
    app.failure = failureOf(thrown);
  }
}

/** Before anybody uses one. The list of its parts is loaded for that, and none of them. */
async function tellDatabaseSize(session: Session): Promise<void> {
  const { bytesToLoad } = await import('../../src/sql/pglite/program.ts');
  const bytes = bytesToLoad();
  session.noteDatabase({ done: 0, total: 0, bytes });
}
