import { css } from 'lit';

export const styles = css`
  :host {
    --pad: 8px;
  }

  .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    border-bottom: 1px solid var(--cloche-line);
  }

  [role='tablist'] {
    display: flex;
    gap: 4px;
    overflow-x: auto;
    /* The words of the first tab begin where the content below does. */
    margin-inline-start: calc(-1 * var(--pad));
    /* Room for the mark of the chosen tab, which lies on the hairline. */
    margin-bottom: -1px;
    scrollbar-width: none;
  }

  .group + .group {
    margin-inline-start: 16px;
  }

  .tabs {
    display: flex;
    gap: 4px;
  }

  .caption {
    display: block;
    padding: 0 var(--pad);
    color: var(--cloche-subtle);
    font-size: 12px;
    line-height: 16px;
    white-space: nowrap;
  }

  [role='tab'] bdi {
    display: inline-block;
    vertical-align: top;
    max-width: 32ch;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  [role='tab'] .detail {
    margin-inline-start: 8px;
    font-size: 12px;
    font-weight: 400;
  }

  [role='tab'] {
    position: relative;
    flex: none;
    min-height: 32px;
    padding: 0 var(--pad);
    border: 0;
    border-radius: var(--cloche-radius) var(--cloche-radius) 0 0;
    background: none;
    color: var(--cloche-subtle);
    font: inherit;
    cursor: pointer;
  }

  [role='tab']:hover {
    color: var(--cloche-text);
  }

  [role='tab']:focus-visible {
    outline-offset: -2px;
  }

  [role='tab'][aria-selected='true'] {
    color: var(--cloche-text);
    font-weight: 600;
  }

  [role='tab'][aria-selected='true']::after {
    content: '';
    position: absolute;
    inset: auto var(--pad) 0;
    height: 2px;
    border-radius: 1px;
    background: var(--cloche-accent);
  }

  @media (pointer: coarse) {
    :host {
      --pad: 12px;
    }

    [role='tab'] {
      min-height: 44px;
    }
  }

  @media (forced-colors: active) {
    [role='tab'][aria-selected='true']::after {
      background: Highlight;
    }
  }
`;
