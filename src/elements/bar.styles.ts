import { css } from 'lit';

/** A thin bar of which a share is filled: how much of a limit is used, how far a task is. */
export const bar = css`
  .track {
    height: 4px;
    border-radius: 2px;
    background: var(--cloche-line);
    overflow: hidden;
  }

  .fill {
    height: 100%;
    border-radius: 2px;
    background: var(--cloche-accent);
  }

  @media (forced-colors: active) {
    .track {
      border: 1px solid CanvasText;
    }

    .fill {
      background: Highlight;
      forced-color-adjust: none;
    }
  }
`;
