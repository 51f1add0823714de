import { css } from 'lit';

export const styles = css`
  :host {
    display: inline-block;
  }

  fieldset {
    display: flex;
    margin: 0;
    padding: 2px;
    border: 1px solid var(--cloche-line);
    border-radius: var(--cloche-radius);
    background: var(--cloche-raised);
  }

  label {
    display: grid;
    place-items: center;
    min-width: 28px;
    height: 26px;
    border-radius: 4px;
    color: var(--cloche-subtle);
    cursor: pointer;
  }

  label:hover {
    color: var(--cloche-text);
  }

  label:has(:checked) {
    background: var(--cloche-accent-wash);
    color: var(--cloche-accent);
  }

  label:has(:focus-visible) {
    outline: 2px solid var(--cloche-accent);
    outline-offset: 1px;
  }

  input {
    position: absolute;
    opacity: 0;
    pointer-events: none;
  }

  svg {
    width: 16px;
    height: 16px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .filled {
    fill: currentColor;
  }

  @media (pointer: coarse) {
    label {
      min-width: 36px;
      height: 36px;
    }
  }

  @media (forced-colors: active) {
    label:has(:checked) {
      outline: 2px solid Highlight;
    }
  }
`;
