import { css } from 'lit';

export const styles = css`
  .lines {
    max-height: var(--cloche-log-height, 240px);
    overflow: auto;
    overscroll-behavior: contain;
    font: 12px / 18px var(--cloche-mono);
  }

  li {
    display: grid;
    grid-template-columns: auto 1fr;
    column-gap: 8px;
    padding: 4px 0;
  }

  li + li {
    border-top: 1px solid var(--cloche-line);
  }

  .level {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-width: 52px;
    color: var(--cloche-subtle);
  }

  .level::before {
    content: '';
    width: 6px;
    height: 6px;
    border: 1.5px solid currentColor;
    border-radius: 50%;
  }

  .warn .level {
    color: var(--cloche-near);
  }

  .warn .level::before {
    border-radius: 0;
    transform: rotate(45deg);
  }

  .error .level {
    color: var(--cloche-killed);
  }

  .error .level::before {
    border-radius: 0;
    background: currentColor;
  }

  .meta {
    color: var(--cloche-subtle);
    text-align: end;
  }

  .text {
    grid-column: 1 / -1;
  }

  .host .text {
    font-family: var(--cloche-font);
  }
`;
