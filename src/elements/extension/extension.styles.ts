import { css } from 'lit';

export const styles = css`
  /* Has the tokens as they can be read on what is behind it. */
  .ground {
    color: var(--cloche-text);
  }

  /* Over an image, which may be of any colour. */
  .own {
    padding: 16px;
    border-radius: var(--cloche-radius-panel);
    background: var(--cloche-surface);
  }

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
