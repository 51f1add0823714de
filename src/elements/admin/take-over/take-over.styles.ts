import { css } from 'lit';

export const styles = css`
  .from {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    margin-block: 8px;
  }

  label {
    display: grid;
    gap: 4px;
    min-width: 0;
  }

  input {
    width: 100%;
  }

  li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 4px 16px;
    min-height: 48px;
    padding-block: 8px;
    border-block-start: 1px solid var(--cloche-line);
  }

  li > div {
    min-width: 0;
  }

  .wide {
    flex-basis: 100%;
  }
`;
