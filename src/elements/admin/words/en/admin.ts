// Words of `<cloche-admin>`.

export const admin = {} as const;
