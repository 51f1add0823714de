import { css } from 'lit';

export const styles = css`
  form {
    display: grid;
    gap: 12px;
  }

  li {
    padding: 8px 0;
  }

  li + li {
    border-top: 1px solid var(--cloche-line);
  }

  .choice {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 8px;
  }

  .lines {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 4px 8px;
  }

  input[type='checkbox'] {
    width: 16px;
    min-height: 16px;
    height: 16px;
    margin: 2px 0;
    accent-color: var(--cloche-accent);
  }

  .verdict {
    font-size: 12px;
  }

  .granted {
    color: var(--cloche-accent);
  }

  .denied {
    color: var(--cloche-killed);
  }

  .more {
    display: grid;
    gap: 4px;
    padding-inline-start: 24px;
    margin-top: 4px;
  }

  textarea {
    width: 100%;
    min-height: 56px;
    font: 12px / 18px var(--cloche-mono);
    resize: vertical;
  }
`;
