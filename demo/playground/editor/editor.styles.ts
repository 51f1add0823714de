import { css } from 'lit';

export const styles = css`
  .panes {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 12px;
  }

  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
  }

  .text,
  canvas {
    width: 100%;
    height: min(320px, 50dvh);
    border: 1px solid var(--cloche-edge);
    border-radius: var(--cloche-radius);
    overflow: hidden;
  }

  canvas {
    height: 200px;
    font-family: var(--cloche-mono);
  }
`;
