import { css } from 'lit';

export const styles = css`
  :host {
    position: relative;
    min-height: 400px;
  }

  /* Counted without its border: a frame whose height is not what we set would grow with each report. */
  .place {
    box-sizing: content-box;
    border: 1px solid var(--cloche-line);
    border-radius: var(--cloche-radius-panel);
    overflow: hidden;
    contain: paint;
    /* What a page without colours of its own is written for. */
    background: white;
    /* Late by the time in which a page that has just heard of the theme tells that it follows it: no flash of white. */
    transition: opacity 0.2s 0.1s;
  }

  /* A page that takes the colours of the app expects the app behind it. */
  .see-through {
    background: none;
  }

  /* Pages have the light scheme unless they say otherwise, and what is behind them is seen only where both agree. */
  .place > iframe {
    height: 100%;
    color-scheme: light;
  }

  /* Not seen, and not to be clicked by whoever cannot see it. */
  .place.loading {
    opacity: 0;
    pointer-events: none;
    transition: none;
  }

  .place.failed {
    display: none;
  }

  .loading:not(.place) {
    position: absolute;
    inset: 160px 0 auto;
    text-align: center;
    /* What is there within 300 ms was not waited for. */
    animation: appear 0s 300ms both;
  }

  @keyframes appear {
    from {
      visibility: hidden;
    }
  }

  .notice {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    padding-bottom: 12px;
    font-size: 12px;
    line-height: 16px;
  }

  .failure {
    display: grid;
    justify-items: start;
    gap: 12px;
    max-width: 60ch;
    margin: 0 auto;
    padding: 64px 0;
    font-size: 15px;
    line-height: 22px;
  }

  .failure details {
    color: var(--cloche-subtle);
    font-size: 12px;
    line-height: 16px;
  }

  .failure summary {
    width: fit-content;
    cursor: pointer;
  }

  .failure .theirs {
    margin-block-start: 4px;
    /* The template's own line breaks are not part of the message. */
    white-space: normal;
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    font-size: 13px;
  }

  @media (prefers-reduced-motion: reduce) {
    .place {
      transition: none;
    }
  }
`;
