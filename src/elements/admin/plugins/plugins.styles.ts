import { css } from 'lit';

export const styles = css`
  /* By its own width: it may stand in a narrow column of a wide page. */
  :host {
    container-type: inline-size;
  }

  .top {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 8px 16px;
    margin-block-end: 8px;
  }

  input[type='search'] {
    width: min(280px, 100%);
  }

  /* What is not seen is neither laid out nor painted. */
  li {
    display: grid;
    grid-template-columns: minmax(0, 3fr) 128px 112px minmax(0, 2fr) 304px;
    align-items: center;
    gap: 4px 16px;
    min-height: 56px;
    padding: 8px 0;
    border-block-start: 1px solid var(--cloche-line);
    content-visibility: auto;
    contain-intrinsic-size: auto 56px;
  }

  li:last-child {
    border-block-end: 1px solid var(--cloche-line);
  }

  h3 {
    font-size: 13px;
  }

  h3 a {
    color: inherit;
    text-decoration: none;
  }

  h3 a:hover {
    text-decoration: underline;
  }

  h3 .theirs,
  .source {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
  }

  .id,
  .source,
  .version {
    color: var(--cloche-subtle);
    font-size: 12px;
    line-height: 16px;
  }

  .version,
  .id {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .actions {
    display: flex;
    justify-content: end;
    gap: 0;
  }

  .wide {
    grid-column: 1 / -1;
  }

  li.current {
    box-shadow: inset 2px 0 var(--cloche-accent);
  }

  li.current:dir(rtl) {
    box-shadow: inset -2px 0 var(--cloche-accent);
  }

  @media (forced-colors: active) {
    li.current {
      border-inline-start: 3px solid Highlight;
    }

    .actions {
      gap: 4px;
    }
  }

  @container (max-width: 760px) {
    li {
      grid-template-columns: minmax(0, 1fr) auto;
      contain-intrinsic-size: auto 116px;
    }

    .source,
    .actions {
      grid-column: 1 / -1;
    }

    .version {
      grid-column: 1;
      grid-row: 2;
    }

    .actions {
      justify-content: start;
      flex-wrap: wrap;
      margin-inline-start: -12px;
    }
  }
`;
