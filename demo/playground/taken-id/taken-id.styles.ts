import { css } from 'lit';

export const styles = css`
  dialog {
    --dialog-width: 480px;
  }

  form {
    display: grid;
    gap: 12px;
  }

  h2 {
    overflow-wrap: anywhere;
    font-size: 15px;
    font-weight: 600;
  }

  #about {
    overflow-wrap: anywhere;
  }

  .choice {
    display: grid;
    grid-template-columns: 144px minmax(0, 1fr);
    align-items: baseline;
    gap: 8px 16px;
    padding-top: 12px;
    border-top: 1px solid var(--cloche-line);
  }

  .choice div {
    display: grid;
    gap: 8px;
  }

  label {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    align-items: center;
    gap: 8px;
    color: var(--cloche-subtle);
  }

  .cancel {
    justify-self: start;
    margin-inline-start: -12px;
  }

  @media (max-width: 480px) {
    .choice {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
