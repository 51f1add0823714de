import { css } from 'lit';

export const styles = css`
  form {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 12px;
  }

  .line {
    display: flex;
    align-items: end;
    gap: 8px;
  }

  .field {
    display: grid;
    flex: 1;
    gap: 4px;
    min-width: 0;
  }

  label,
  .label {
    color: var(--cloche-subtle);
    font-size: 12px;
    line-height: 16px;
  }

  select {
    width: 100%;
    font-family: var(--cloche-mono);
  }

  .go {
    min-width: 112px;
    /* Run and Stop are one button, and a call may take no longer than a colour to change. */
    transition: none;
  }

  kbd {
    font: 12px var(--cloche-mono);
    opacity: 0.9;
  }

  cloche-tabs::part(panels) {
    padding-top: 8px;
  }

  textarea {
    display: block;
    width: 100%;
    min-height: 96px;
    font: 13px / 20px var(--cloche-mono);
    resize: vertical;
  }

  .file {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    min-height: 96px;
    padding: 16px;
    border: 1px dashed var(--cloche-edge);
    border-radius: var(--cloche-radius);
  }

  .file:has(:focus-visible) .button {
    outline: 2px solid var(--cloche-accent);
    outline-offset: 2px;
  }

  .wrong {
    margin-top: 4px;
    color: var(--cloche-killed);
    font-size: 12px;
  }

  @media (max-width: 640px) {
    kbd {
      display: none;
    }
  }
`;
