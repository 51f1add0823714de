import { css } from 'lit';

export const styles = css`
  :host {
    display: inline-block;
    width: 24px;
    height: 24px;
    color: inherit;
  }

  svg {
    width: 100%;
    height: 100%;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .leaf {
    color: var(--cloche-accent);
    stroke: currentColor;
    transform-origin: 12px 19px;
    transition: opacity var(--cloche-motion), transform var(--cloche-motion);
  }

  :host([state='killed']) .leaf {
    opacity: 0;
    transform: scale(0.4);
  }

  :host([state='killed']) .line {
    stroke: var(--cloche-killed);
    stroke-width: 2;
  }
`;
