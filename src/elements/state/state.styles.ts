import { css } from 'lit';

export const styles = css`
  :host {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    white-space: nowrap;
    color: var(--cloche-subtle);
    font-size: 12px;
    line-height: 16px;
  }

  svg {
    width: 10px;
    height: 10px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
    overflow: visible;
  }

  .solid {
    fill: currentColor;
    stroke: none;
  }

  :host([state='running']) svg {
    color: var(--cloche-accent);
  }

  :host([state='asking']) {
    color: var(--cloche-near);
  }

  :host([state='failed']),
  :host([state='quarantined']) {
    color: var(--cloche-killed);
  }
`;
