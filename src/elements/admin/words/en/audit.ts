// Words of `<cloche-audit>`.

export const audit = {} as const;
