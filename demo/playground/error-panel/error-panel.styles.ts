import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 12px;
  }

  .message {
    font-size: 15px;
    line-height: 22px;
    overflow-wrap: anywhere;
  }

  .code {
    display: inline-block;
    padding: 1px 6px;
    border: 1px solid var(--cloche-killed);
    border-radius: 4px;
    color: var(--cloche-killed);
    font: 600 12px / 18px var(--cloche-mono);
  }

  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 4px 12px;
  }

  figure {
    padding-inline-start: 12px;
    border-inline-start: 2px solid var(--cloche-line);
  }

  figcaption {
    color: var(--cloche-subtle);
    font-size: 12px;
    line-height: 16px;
  }

  blockquote {
    max-height: 160px;
    overflow: auto;
    font: 13px / 20px var(--cloche-mono);
  }

  summary {
    width: fit-content;
    color: var(--cloche-subtle);
    cursor: pointer;
  }

  ol {
    max-height: 200px;
    margin-top: 4px;
    padding: 8px 12px;
    border-radius: var(--cloche-radius);
    background: var(--cloche-sunken);
    overflow: auto;
    font: 12px / 18px var(--cloche-mono);
    overflow-wrap: anywhere;
  }
`;
