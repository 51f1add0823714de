// Files that a plugin exchanges with functions of its host: those of its `home://`, which it finds at `/temp/<name>`.

import type { HostCallContext } from '../../capabilities/host-function.ts';
import type { FilesService } from '../../capabilities/services.ts';
import { ClocheError } from '../../errors.ts';
import { visibleText } from '../../util/text/visible-text.ts';

const LONGEST_NAME = 1_024;

export class OwnFiles {
  readonly #files: FilesService | undefined;

  constructor(files: FilesService | undefined) {
    this.#files = files;
  }

  /** @throws {ClocheError} PERMISSION_DENIED, MANIFEST_INVALID for a name that leads elsewhere, STORAGE_FAILED */
  async read(name: string, context: HostCallContext): Promise<Uint8Array> {
    const { files, own } = this.#granted(context);
    const answer = await files.read(pathOf(name), own);
    if (!answer.ok) throw refused(name, answer.why);
    return answer.value;
  }

  /** In the place of what is there. @throws {ClocheError} as {@link read} */
  async write(name: string, content: Uint8Array, context: HostCallContext): Promise<void> {
    const { files, own } = this.#granted(context);
    const answer = await files.write(pathOf(name), content, own);
    if (!answer.ok) throw refused(name, answer.why);
  }

  #granted(context: HostCallContext): { files: FilesService; own: HostCallContext } {
    const own = context.under?.('files');
    if (this.#files && own) return { files: this.#files, own };
    const message = `It works on files of plugin "${context.plugin.id}", which was not granted the capability \`files\``;
    throw new ClocheError('PERMISSION_DENIED', message, { needs: { files: true } });
  }
}

/** Names are relative to the plugin's folder, and lead nowhere else. */
function pathOf(name: string): string {
  const isOwn = name !== '' && name.length <= LONGEST_NAME && !/^\/|\\|\p{Cc}/u.test(name);
  if (isOwn && name.split('/').every((part) => part !== '' && part !== '.' && part !== '..')) return `home://${name}`;
  throw new ClocheError('PERMISSION_DENIED', `"${visibleText(name, 120)}" is not the name of a file of the plugin`);
}

function refused(name: string, why: 'denied' | 'missing'): ClocheError {
  const shown = visibleText(name, 120);
  return why === 'denied'
    ? new ClocheError('PERMISSION_DENIED', `The plugin was not granted its file "${shown}"`)
    : new ClocheError('STORAGE_FAILED', `The file "${shown}" is not there, or cannot be written`);
}
