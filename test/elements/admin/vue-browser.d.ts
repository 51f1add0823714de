// Vue with what compiles templates, in one file that a browser can load.
declare module 'vue/dist/vue.esm-browser.prod.js' {
  export * from 'vue';
}
