import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
  }

  .head {
    display: grid;
    grid-template-columns: 1fr auto;
    align-items: start;
    gap: 4px 16px;
  }

  .title {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 4px 12px;
    min-width: 0;
  }

  h1 {
    overflow-wrap: anywhere;
    font-size: 20px;
    font-weight: 600;
    line-height: 28px;
  }

  .about {
    grid-column: 1 / -1;
    max-width: 68ch;
    font-size: 15px;
    line-height: 22px;
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    justify-content: end;
    gap: 4px;
    margin: -2px -12px 0 0;
  }

  .asks {
    display: grid;
    grid-template-columns: auto 1fr auto;
    align-items: start;
    gap: 4px 12px;
    padding: 12px 16px;
    border: 1px solid var(--cloche-line);
    border-radius: var(--cloche-radius-panel);
    background: var(--cloche-near-wash);
  }

  .asks.quarantined {
    background: var(--cloche-killed-wash);
  }

  .asks cloche-state {
    line-height: 20px;
  }

  .update {
    display: grid;
    gap: 4px;
    min-width: 0;
  }

  .update ul {
    padding-inline-start: 20px;
    list-style: disc;
    overflow-wrap: anywhere;
  }

  .asks .buttons {
    display: flex;
    gap: 8px;
  }

  dialog {
    --dialog-width: 440px;
  }

  dialog form {
    display: grid;
    gap: 12px;
  }

  dialog h2 {
    overflow-wrap: anywhere;
    font-size: 15px;
    font-weight: 600;
  }

  dialog .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-top: 4px;
  }

  @media (max-width: 640px) {
    .head {
      grid-template-columns: 1fr;
    }

    .actions {
      grid-row: 3;
      justify-content: start;
      margin: 0 -12px;
    }

    .asks {
      grid-template-columns: 1fr;
    }
  }
`;
