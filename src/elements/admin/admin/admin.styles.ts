import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    gap: 16px;
  }

  .panel {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 24px;
    padding-block-start: 16px;
  }

  .panel > section {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 12px;
  }

  .back::before {
    content: '← ' / '';
  }

  :host(:dir(rtl)) .back::before {
    content: '→ ' / '';
  }

  /* The host's own words above a page that is a plugin's. */
  .chrome {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    padding: 8px 0;
    color: var(--cloche-subtle);
    font-size: 12px;
    line-height: 16px;
  }

  .banner {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 12px;
  }

  .drop {
    position: fixed;
    inset: 8px;
    z-index: 1;
    display: grid;
    place-content: center;
    border: 2px dashed var(--cloche-accent);
    border-radius: var(--cloche-radius-panel);
    background: color-mix(in oklab, var(--cloche-surface), transparent 10%);
    font-size: 20px;
    pointer-events: none;
  }
`;
