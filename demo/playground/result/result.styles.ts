import { css } from 'lit';

export const styles = css`
  .panel {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
    padding: 16px;
    border: 1px solid var(--cloche-line);
    border-radius: var(--cloche-radius-panel);
    background: var(--cloche-raised);
  }

  .panel.ended {
    border-color: color-mix(in oklab, var(--cloche-killed), var(--cloche-line) 50%);
  }

  .verdict {
    display: grid;
    grid-template-columns: auto 1fr;
    align-items: center;
    gap: 4px 12px;
  }

  .verdict cloche-mark {
    width: 32px;
    height: 32px;
  }

  .ended .verdict cloche-mark {
    width: 56px;
    height: 56px;
  }

  h2 {
    font-size: 15px;
    font-weight: 600;
    line-height: 20px;
  }

  .ended h2 {
    font-size: 20px;
    line-height: 28px;
  }

  .facts {
    color: var(--cloche-subtle);
    font-size: 12px;
    line-height: 16px;
  }

  dl {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 4px 16px;
    font: 12px / 16px var(--cloche-mono);
  }

  dt {
    color: var(--cloche-subtle);
  }

  .empty {
    display: grid;
    grid-template-columns: auto 1fr;
    align-items: center;
    gap: 12px;
    padding: 16px;
    border: 1px dashed var(--cloche-line);
    border-radius: var(--cloche-radius-panel);
  }

  .empty cloche-mark {
    width: 32px;
    height: 32px;
    color: var(--cloche-subtle);
  }

  playground-error-panel,
  playground-frame-strip {
    padding-top: 16px;
    border-top: 1px solid var(--cloche-line);
  }
`;
