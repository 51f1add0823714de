// Words of `<cloche-config>`.

export const config = {} as const;
