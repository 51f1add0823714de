import { css } from 'lit';

export const styles = css`
  form {
    display: grid;
    gap: 8px;
  }

  .limit {
    display: grid;
    grid-template-columns: 1fr 96px 64px;
    align-items: center;
    gap: 8px;
  }

  input {
    width: 100%;
    text-align: end;
  }

  .wrong {
    grid-column: 1 / -1;
    color: var(--cloche-killed);
    font-size: 12px;
    line-height: 16px;
    text-align: end;
  }

  summary {
    width: fit-content;
    margin: 4px 0;
    color: var(--cloche-subtle);
    cursor: pointer;
  }

  details > div {
    display: grid;
    gap: 8px;
  }
`;
