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

  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 2px 12px;
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
