import { css } from 'lit';

export const styles = css`
  .method {
    flex: 0 0 112px;
  }

  input {
    width: 100%;
    font-family: var(--cloche-mono);
  }

  label code {
    overflow-wrap: anywhere;
  }
`;
