import { css } from 'lit';

export const styles = css`
  form {
    display: grid;
    gap: 8px;
  }

  fieldset {
    display: grid;
    grid-template-columns: minmax(0, 2fr) minmax(0, 3fr) 32px;
    gap: 8px;
    margin: 0;
    padding: 0;
    border: 0;
  }

  input {
    width: 100%;
    font-family: var(--cloche-mono);
  }

  input:read-only {
    border-color: transparent;
    background: none;
  }

  .remove {
    padding: 0;
  }

  .buttons {
    display: flex;
    gap: 8px;
  }
`;
