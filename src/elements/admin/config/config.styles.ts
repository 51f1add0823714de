import { css } from 'lit';

export const styles = css`
  form,
  .fields {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
  }

  form {
    max-width: 640px;
  }

  .field {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 4px;
    margin: 0;
    padding: 0;
    border: 0;
  }

  .fields.field {
    gap: 16px;
  }

  label,
  .label {
    font-weight: 600;
    overflow-wrap: anywhere;
  }

  .mark {
    font-weight: 400;
  }

  .switch {
    display: grid;
    grid-template-columns: 24px minmax(0, 1fr);
    gap: 8px;
  }

  input[type='checkbox'] {
    width: 20px;
    height: 20px;
    min-height: 0;
    margin: 0;
    accent-color: var(--cloche-accent);
  }

  input:not([type='checkbox']),
  select,
  textarea {
    width: 100%;
    min-width: 0;
  }

  input[type='number'],
  input[type='date'],
  input[type='time'] {
    max-width: 240px;
  }

  textarea {
    min-height: 80px;
    resize: vertical;
  }

  textarea.mono {
    tab-size: 2;
  }

  .hint {
    color: var(--cloche-subtle);
    font-size: 12px;
    line-height: 16px;
    overflow-wrap: anywhere;
  }

  .error {
    display: flex;
    flex-wrap: wrap;
    gap: 4px;
    color: var(--cloche-killed);
    overflow-wrap: anywhere;
  }

  .error::before {
    content: '▲' / '';
  }

  .pair {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 2fr) auto;
    gap: 8px;
    align-items: end;
  }

  .pair .error {
    grid-column: 1 / -1;
  }

  @media (max-width: 480px) {
    .pair {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
