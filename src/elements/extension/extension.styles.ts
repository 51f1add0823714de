import { css } from 'lit';

export const styles = css`
  cloche-tabs > cloche-plugin-page {
    margin-top: 16px;
  }

  .notice {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: center;
    gap: 12px;
    padding: 48px 16px;
    text-align: center;
  }
`;
