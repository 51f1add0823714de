import { css } from 'lit';

export const styles = css`
  cloche-tabs::part(panels) {
    padding-top: 16px;
  }

  .sections {
    display: grid;
    gap: 24px;
  }

  h2 {
    margin-bottom: 8px;
    color: var(--cloche-subtle);
    font-size: 12px;
    line-height: 16px;
  }
`;
