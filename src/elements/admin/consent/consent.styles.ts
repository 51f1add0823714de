import { css } from 'lit';

// Said here, since what stands within is shipped.
// `dialog:focus-visible`: Nothing can be done with it but close it, and it is all that there is.
// `dialog::backdrop`: All of the page: whatever a plugin draws, nothing of it is beside the question.
// `[inert] button`: Pale until it works, so that nobody presses in vain.
// `.risk.high`: Red is for what was stopped or denied.
// `.late`: What is quick is not announced.
export const styles = css`
  :host {
    display: contents;
  }

  dialog {
    width: min(640px, calc(100vw - 32px));
    max-height: calc(100dvh - 32px);
    padding: 0;
    outline: none;
    overflow: hidden;
  }

  dialog:focus-visible {
    outline: none;
  }

  dialog[open] {
    display: flex;
    flex-direction: column;
  }

  dialog::backdrop {
    background: var(--cloche-sunken, Canvas);
  }

  h2 {
    padding: 16px 24px;
    border-bottom: 1px solid var(--cloche-line);
    overflow-wrap: anywhere;
  }

  .body {
    min-height: 0;
    padding: 16px 24px;
    overflow: auto;
    overscroll-behavior: contain;
  }

  dialog .actions {
    margin: 0;
    padding: 12px 24px;
    border-top: 1px solid var(--cloche-line);
  }

  .actions button {
    max-width: 100%;
    min-height: 36px;
    white-space: normal;
  }

  [inert] button,
  [inert] input {
    opacity: 0.5;
  }

  section {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px;
  }

  .lines-list {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
  }

  .permission {
    border-top: 1px solid var(--cloche-line);
  }

  .permission:last-child {
    border-bottom: 1px solid var(--cloche-line);
  }

  .permission > label,
  .permission:not(:has(> label)) {
    display: grid;
    grid-template-columns: 24px minmax(0, 1fr);
    gap: 0 8px;
    padding: 12px 4px;
  }

  .permission > label {
    cursor: pointer;
  }

  .permission > label:hover {
    background: var(--cloche-hover);
  }

  input[type='checkbox'],
  input[type='radio'] {
    width: 20px;
    height: 20px;
    min-height: 0;
    margin: 1px 2px;
    accent-color: var(--cloche-accent);
  }

  .fixed {
    width: 6px;
    height: 6px;
    margin: 8px 9px;
    border-radius: 50%;
    background: var(--cloche-edge);
  }

  .text {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 4px;
  }

  .what {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    font-size: 15px;
    line-height: 22px;
    overflow-wrap: anywhere;
  }

  .what .mono {
    font-size: 14px;
  }

  .change {
    color: var(--cloche-subtle);
    font-weight: 600;
  }

  .added .change,
  .lifted .change {
    color: var(--cloche-near);
  }

  .dropped {
    color: var(--cloche-subtle);
  }

  .tags {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
  }

  .risk {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    color: var(--cloche-subtle);
  }

  .risk svg {
    width: 9px;
    height: 9px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
    overflow: visible;
  }

  .risk.high {
    color: var(--cloche-near);
    font-weight: 600;
  }

  .risk.high svg {
    fill: currentColor;
  }

  .signature.modified {
    color: var(--cloche-killed);
    font-weight: 600;
  }

  .bad {
    color: var(--cloche-near);
  }

  .denied li,
  .notes li {
    position: relative;
    padding-inline-start: 20px;
    overflow-wrap: anywhere;
  }

  .denied li::before,
  .notes li::before {
    position: absolute;
    inset-inline-start: 2px;
    content: '–' / '';
  }

  .denied li {
    padding-block: 4px;
    color: var(--cloche-subtle);
  }

  fieldset {
    display: grid;
    gap: 4px;
    margin: 0;
    padding: 0;
    border: 0;
  }

  legend {
    padding: 0 0 4px;
    font-weight: 600;
  }

  .choice {
    display: grid;
    grid-template-columns: 24px minmax(0, 1fr);
    gap: 8px;
    padding: 4px;
    cursor: pointer;
  }

  .mute {
    margin-inline-end: auto;
    text-align: start;
  }

  progress {
    width: 100%;
    accent-color: var(--cloche-accent);
  }

  .late {
    animation: appear 1ms 300ms both;
  }

  @keyframes appear {
    from {
      visibility: hidden;
    }
  }

  @media (max-width: 480px) {
    h2,
    .body,
    dialog .actions {
      padding-inline: 16px;
    }

    .actions button {
      flex: 1 1 100%;
    }
  }

  @media (forced-colors: active) {
    .risk svg {
      stroke: CanvasText;
    }

    .risk.high svg {
      fill: CanvasText;
    }

    .fixed {
      background: CanvasText;
    }
  }
`;
