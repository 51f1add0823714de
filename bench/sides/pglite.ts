// PGlite in a plain worker of the page, without Cloche.

import { program } from '../../src/sql/pglite/program.ts';
import source from './pglite.worker.ts?source';

export interface BarePglite {
  run(sql: string): Promise<void>;
  close(): void;
}

/** The program is loaded with the first. */
export async function openPglite(): Promise<BarePglite> {
  const parts = await program(() => undefined);
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(url);
  const ask = (message: unknown): Promise<void> => {
    const answered = new Promise<void>((resolve, reject) => {
      const failed = (why: unknown): void => reject(new Error(`Expected PGlite to run: ${why}`));
      worker.onmessage = ({ data }: MessageEvent<string | undefined>) =>
        data === undefined ? resolve() : failed(data);
      worker.onerror = ({ message: why }) => failed(why);
    });
    worker.postMessage(message);
    return answered;
  };
  await ask(parts);
  return {
    run: ask,
    close() {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}
