// Words of `<cloche-plugin>`.

export const plugin = {} as const;
