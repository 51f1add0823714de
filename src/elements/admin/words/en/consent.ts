// Words of `<cloche-consent>`.

export const consent = {} as const;
