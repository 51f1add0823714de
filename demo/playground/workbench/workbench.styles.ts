import { css } from 'lit';

export const styles = css`
  .call {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 24px;
  }

  cloche-tabs:not([spread])::part(panels) {
    padding-top: 16px;
  }
`;
