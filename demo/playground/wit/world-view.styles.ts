import { css } from 'lit';

export const styles = css`
  ul {
    padding-left: 16px;
    border-left: 1px solid var(--cloche-line);
    margin-left: 5px;
  }

  summary,
  .leaf {
    padding: 2px 0;
    overflow-wrap: anywhere;
  }

  summary {
    cursor: pointer;
  }

  /* In line with the names beside which there is a triangle. */
  .leaf {
    padding-left: 14px;
  }

  pre {
    max-height: 400px;
    overflow: auto;
    padding: 8px;
    border: 1px solid var(--cloche-line);
    border-radius: var(--cloche-radius);
  }

  cloche-tabs::part(panels) {
    padding-top: 8px;
  }
`;
