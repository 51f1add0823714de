// Words of `<cloche-plugins>`.

export const plugins = {} as const;
