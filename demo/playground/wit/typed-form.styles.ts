import { css } from 'lit';

export const styles = css`
  :host,
  .parts {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 12px;
  }

  fieldset {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 12px;
    min-width: 0;
    margin: 0;
    padding: 0 0 0 12px;
    border: 0;
    border-left: 2px solid var(--cloche-line);
  }

  .field,
  .item {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 4px;
    min-width: 0;
  }

  .item {
    gap: 8px;
  }

  label,
  legend {
    padding: 0;
    font-size: 12px;
    line-height: 16px;
    overflow-wrap: anywhere;
  }

  legend {
    margin-left: -12px;
    padding-bottom: 4px;
  }

  .type {
    color: var(--cloche-subtle);
    font-family: var(--cloche-mono);
  }

  .tick {
    display: flex;
    align-items: center;
    gap: 8px;
    min-height: 24px;
  }

  .tick input {
    flex: none;
    width: 16px;
    min-height: 16px;
    height: 16px;
    margin: 0;
    accent-color: var(--cloche-accent);
  }

  input:not([type='checkbox']),
  select,
  textarea {
    width: 100%;
    font-family: var(--cloche-mono);
  }

  textarea {
    min-height: 56px;
    resize: vertical;
  }

  .wrong {
    color: var(--cloche-killed);
    font-size: 12px;
  }

  .remove {
    justify-self: start;
  }
`;
