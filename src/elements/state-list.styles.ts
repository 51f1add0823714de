import { css } from 'lit';

/** A list of things that each have a name and a state, told by a small drawing and a word. */
export const stateList = css`
  li {
    padding: 10px 0;
    border-top: 1px solid var(--cloche-line);
  }

  .name {
    flex: 1 1 120px;
    min-width: 0;
    font-weight: 600;
  }

  .state {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }

  .state svg {
    width: 10px;
    height: 10px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
  }

  .state .solid {
    fill: currentColor;
    stroke: none;
  }
`;
