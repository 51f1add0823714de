import { css } from 'lit';

export const styles = css`
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    margin-bottom: 8px;
  }

  h2 {
    font-size: 15px;
    font-weight: 600;
  }

  header .subtle {
    margin-inline-end: auto;
  }

  li {
    padding: 10px 0;
    border-top: 1px solid var(--cloche-line);
  }

  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 12px;
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

  .running .state,
  .complete .state {
    color: var(--cloche-accent);
  }

  .failed .state,
  .error {
    color: var(--cloche-killed);
  }

  .interrupted .state {
    color: var(--cloche-near);
  }

  .track {
    margin: 6px 0 4px;
  }

  .unknown .fill {
    width: 30%;
    animation: pass 1.6s linear infinite;
  }

  @keyframes pass {
    from {
      transform: translateX(-100%);
    }

    to {
      transform: translateX(340%);
    }
  }

  @media (prefers-reduced-motion: reduce) {
    .unknown .fill {
      width: 100%;
      opacity: 0.4;
      animation: none;
    }
  }
`;
