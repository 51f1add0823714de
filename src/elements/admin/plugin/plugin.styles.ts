import { css } from 'lit';

// Columns follow its own width: it may stand in a narrow column of a wide page. Names of one line and of two stand over fields of one
// height. What is written within is shipped.
export const styles = css`
  :host {
    container-type: inline-size;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 24px;
  }

  header {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: start;
    gap: 8px 16px;
  }

  h2 .theirs {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
    overflow: hidden;
  }

  .about {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
    color: var(--cloche-subtle);
  }

  section {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 12px;
    padding-block-start: 16px;
    border-block-start: 1px solid var(--cloche-line);
  }

  .permissions {
    display: grid;
    gap: 8px;
  }

  .permissions li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: start;
    gap: 4px 16px;
    padding-inline-start: 12px;
    border-inline-start: 2px solid var(--cloche-accent);
  }

  .permissions.missing li {
    border-inline-start-style: dashed;
    border-color: var(--cloche-edge);
  }

  .said {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
  }

  .risk {
    color: var(--cloche-subtle);
  }

  .risk.high::before {
    content: '▲ ' / '';
  }

  .risk.medium::before {
    content: '◇ ' / '';
  }

  .risk.low::before {
    content: '● ' / '';
  }

  .risk.high,
  .near {
    color: var(--cloche-near);
  }

  .risk.high {
    font-weight: 600;
  }

  .bars {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(220px, 100%), 1fr));
    gap: 12px 24px;
    max-width: 900px;
  }

  .numbers {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(168px, 44%), 1fr));
    gap: 12px 24px;
  }

  .numbers dt {
    color: var(--cloche-subtle);
    font-size: 12px;
    line-height: 16px;
  }

  .numbers dd {
    font-size: 15px;
    line-height: 22px;
  }

  .limits {
    display: grid;
    gap: 12px;
  }

  .limits details > .numbers {
    margin-block-start: 8px;
  }

  .limits label {
    display: grid;
    align-content: end;
    gap: 4px;
  }

  .limits input {
    width: 100%;
  }

  .columns {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(320px, 100%), 1fr));
    gap: 16px 32px;
  }

  .columns > div {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    gap: 8px;
  }

  .history {
    display: grid;
    gap: 4px;
    max-height: 240px;
    margin-block-start: 8px;
    overflow: auto;
  }

  ul.plain {
    padding-inline-start: 20px;
    list-style: disc;
  }

  .pick {
    display: grid;
    gap: 4px;
  }

  input[type='file'] {
    max-width: 100%;
  }

  @container (max-width: 480px) {
    header,
    .facts {
      grid-template-columns: minmax(0, 1fr);
    }

    .facts {
      gap: 0;
    }

    .facts dd {
      margin-block-end: 8px;
    }
  }
`;
