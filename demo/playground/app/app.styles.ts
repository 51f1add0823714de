import { css } from 'lit';

export const styles = css`
  :host {
    min-height: 100dvh;
    background: var(--cloche-surface);
  }

  .bar {
    display: flex;
    align-items: center;
    gap: 8px 16px;
    min-height: 48px;
    padding: 6px 24px;
    border-bottom: 1px solid var(--cloche-line);
  }

  .brand {
    display: flex;
    align-items: center;
    gap: 8px;
    margin-inline-end: auto;
    font-size: 15px;
    font-weight: 600;
  }

  .brand .subtle {
    font-weight: 400;
  }

  .column {
    display: grid;
    /* Wide content scrolls in its own place instead of widening the page. */
    grid-template-columns: minmax(0, 1fr);
    gap: 24px;
    align-content: start;
    padding: 16px;
  }

  cloche-tabs:not([spread])::part(list) {
    position: sticky;
    z-index: 1;
    top: 0;
    padding: 0 16px;
    background: var(--cloche-surface);
  }

  cloche-tabs[spread]::part(panels) {
    display: grid;
    grid-template-columns: 312px minmax(0, 1fr) 376px;
    height: calc(100dvh - 49px);
  }

  cloche-tabs[spread]::part(panel) {
    position: relative;
    overflow: auto;
    overscroll-behavior: contain;
  }

  cloche-tabs[spread]::part(panel-call) {
    border-inline: 1px solid var(--cloche-line);
    background: var(--cloche-raised);
  }

  cloche-tabs[spread] .column {
    padding: 24px;
  }

  cloche-tabs[spread] .plugins {
    padding: 24px 12px;
  }

  .notice {
    display: grid;
    gap: 12px;
    padding: 16px;
    border: 1px solid var(--cloche-line);
    border-radius: var(--cloche-radius-panel);
    background: var(--cloche-killed-wash);
  }

  .notice h2 {
    font-size: 15px;
    font-weight: 600;
  }

  .notice div {
    display: flex;
    gap: 8px;
  }

  .busy {
    /* Nothing is shown for what is done at once. */
    animation: appear 0s 300ms both;
  }

  .preparation {
    display: grid;
    gap: 6px;
    font-size: 13px;
  }

  .preparation progress {
    width: 100%;
    accent-color: var(--cloche-accent);
  }

  @keyframes appear {
    from {
      visibility: hidden;
    }
  }

  .drop {
    position: fixed;
    z-index: 2;
    inset: 12px;
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 12px;
    border: 2px dashed var(--cloche-accent);
    border-radius: var(--cloche-radius-panel);
    background: color-mix(in oklab, var(--cloche-surface) 94%, transparent);
    font-size: 20px;
    line-height: 28px;
    pointer-events: none;
  }

  .drop cloche-mark {
    width: 72px;
    height: 72px;
  }

  @media (max-width: 640px) {
    .bar {
      padding: 4px 16px;
    }

  }
`;
