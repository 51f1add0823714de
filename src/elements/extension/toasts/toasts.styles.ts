import { css } from 'lit';

export const styles = css`
  /* At the lower edge of what can be seen of the page, without taking room from it. */
  :host {
    position: sticky;
    z-index: 1;
    bottom: 16px;
    height: 0;
    pointer-events: none;
  }

  ul {
    position: absolute;
    inset: auto 16px 0;
    display: grid;
    justify-items: end;
    gap: 8px;
  }

  li {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    gap: 12px;
    width: min(360px, 100%);
    padding: 12px;
    border: 1px solid var(--cloche-line);
    border-radius: var(--cloche-radius-panel);
    background: var(--cloche-raised);
    box-shadow: var(--cloche-shadow);
    pointer-events: auto;
    animation: arrive var(--cloche-motion);
  }

  svg {
    width: 16px;
    height: 16px;
    margin-top: 2px;
    fill: none;
    stroke: currentColor;
    stroke-linecap: round;
    stroke-linejoin: round;
    stroke-width: 1.5;
  }

  .message {
    max-height: 120px;
    overflow: auto;
  }

  .success > svg {
    color: var(--cloche-accent);
  }

  .warning > svg {
    color: var(--cloche-near);
  }

  .error > svg {
    color: var(--cloche-killed);
  }

  button {
    min-height: 24px;
    width: 24px;
    margin: -4px -4px 0 0;
    padding: 0;
  }

  button svg {
    margin: 0;
  }

  @keyframes arrive {
    from {
      opacity: 0;
    }
  }
`;
