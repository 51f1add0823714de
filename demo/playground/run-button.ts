// The button of a form that runs something: Run, and while that goes on Stop. One element, so that it keeps the focus
// and a key pressed twice starts and stops.

import { html } from 'lit';
import { StopEvent } from './events.ts';

const IS_APPLE = /Mac|iPhone|iPad/.test(navigator.platform);

export function runButton({ running, disabled }: { running: boolean; disabled: boolean }) {
  return html`
    <button
      part="run"
      class="go ${running ? 'danger' : 'primary'}"
      type=${running ? 'button' : 'submit'}
      ?disabled=${disabled && !running}
      @click=${(event: Event) => running && event.currentTarget?.dispatchEvent(new StopEvent())}
    >
      ${running ? 'Stop now' : html`Run <kbd aria-hidden="true">${IS_APPLE ? '⌘' : 'Ctrl'} ↵</kbd>`}
    </button>
  `;
}
