import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
  }

  .head {
    display: grid;
    gap: 4px;
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
    max-width: 68ch;
    font-size: 15px;
    line-height: 22px;
  }

  .asks {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: center;
    gap: 8px 16px;
    padding: 8px 8px 8px 16px;
    border-radius: var(--cloche-radius-panel);
    background: var(--cloche-near-wash);
  }

  .asks.quarantined {
    background: var(--cloche-killed-wash);
  }
`;
