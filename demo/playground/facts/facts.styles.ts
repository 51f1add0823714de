import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 24px;
  }

  h3 {
    margin-bottom: 8px;
    color: var(--cloche-subtle);
    font-size: 12px;
    line-height: 16px;
  }

  dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 4px 16px;
  }

  dt {
    color: var(--cloche-subtle);
  }

  dd {
    min-width: 0;
    overflow-wrap: anywhere;
  }

  li {
    padding: 6px 0;
    overflow-wrap: anywhere;
  }

  li + li {
    border-top: 1px solid var(--cloche-line);
  }

  .symbol {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    gap: 0 12px;
  }
`;
