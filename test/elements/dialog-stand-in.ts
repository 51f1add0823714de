// The dialog of a plugin’s page without the page, and what it answers.

import { html } from 'lit';
import { page } from '../../src/dialects/windshift/page/page.ts';
import type { Answer } from '../../src/manifest/page-messages.ts';
import '../../src/elements/extension/dialog/dialog.ts';
import type { PluginDialog } from '../../src/elements/extension/dialog/dialog.ts';
import type { Question } from '../../src/elements/extension/dialog/dialog-queue.ts';
import { find, renderElement, until } from '../helpers/render.ts';

/** Of the dialog that was asked last. */
export const answers: { answer: Answer; mute: boolean }[] = [];

async function dialogWith(type: string, fields: object = {}, canMute = false): Promise<PluginDialog> {
  answers.length = 0;
  const question = page.read({ type, ...fields }) as Question;
  return renderElement<PluginDialog>(html`
    <cloche-plugin-dialog
      plugin="standup"
      pluginName="Daily standup"
      .question=${question}
      ?canMute=${canMute}
      @cloche-dialog-answer=${({ answer, mute }: { answer: Answer; mute: boolean }) => answers.push({ answer, mute })}
    ></cloche-plugin-dialog>
  `);
}

export const confirm = (fields: object = {}, canMute = false) => dialogWith('plugin:showConfirm', fields, canMute);
export const modal = (fields: object = {}) => dialogWith('plugin:showModal', fields);
export const native = (element: PluginDialog): HTMLDialogElement => find(element, 'dialog');
export const button = (element: PluginDialog, name: string): HTMLButtonElement => find(element, `button.${name}`);

export const isArmed = (element: PluginDialog): boolean =>
  button(element, 'cancel').getAttribute('aria-disabled') === 'false';

export const armed = (element: PluginDialog) => until(() => isArmed(element), 'the buttons to work');
