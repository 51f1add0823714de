import { css } from 'lit';

export const styles = css`
  cloche-tabs::part(panels) {
    padding-top: 8px;
  }

  .actions {
    display: flex;
    gap: 4px;
  }

  .actions button {
    min-height: 28px;
    padding: 0 8px;
    font-size: 12px;
  }

  pre {
    max-height: 320px;
    padding: 12px;
    border-radius: var(--cloche-radius);
    background: var(--cloche-sunken);
    overflow: auto;
    overflow-wrap: anywhere;
    font: 13px / 20px var(--cloche-mono);
    tab-size: 4;
    unicode-bidi: isolate;
    white-space: pre-wrap;
  }

  table {
    border-spacing: 0;
    font: 12px / 18px var(--cloche-mono);
    white-space: pre;
  }

  .dump {
    max-height: 320px;
    padding: 12px;
    border-radius: var(--cloche-radius);
    background: var(--cloche-sunken);
    overflow: auto;
  }

  td {
    padding: 0 16px 0 0;
  }

  @media (max-width: 640px) {
    .dump {
      padding: 8px;
    }

    td {
      padding-inline-end: 8px;
    }
  }

  .note {
    padding: 12px;
    border-radius: var(--cloche-radius);
    background: var(--cloche-sunken);
    color: var(--cloche-subtle);
  }

  .cut {
    margin-top: 4px;
  }
`;
