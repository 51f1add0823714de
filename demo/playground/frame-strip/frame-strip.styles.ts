import { css } from 'lit';

export const styles = css`
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    gap: 0 8px;
  }

  svg {
    width: 100%;
    height: 24px;
    margin-top: 4px;
    overflow: visible;
  }

  .tick {
    fill: var(--cloche-accent);
  }

  .slow {
    fill: var(--cloche-near);
  }

  .ahead {
    fill: var(--cloche-line);
  }
`;
