import { css } from 'lit';

export const styles = css`
  cloche-tabs::part(panels) {
    padding-top: 16px;
  }

  .sections {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 24px;
  }

  cloche-audit {
    --cloche-audit-height: 240px;
  }

  h2 {
    margin-bottom: 8px;
    color: var(--cloche-subtle);
    font-size: 12px;
    line-height: 16px;
  }
`;
