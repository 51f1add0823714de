import { type Unused, withoutUnused } from './without-unused.ts';

/**
 * No guest has files or sockets, so a descriptor is a standard stream or none: what the shim answers for a path, past the
 * reading of it, is that.
 */
const UNUSED: readonly Unused[] = [
  {
    what: 'functions of paths',
    found: /path_create_directory\(fd,[\s\S]*?(?=poll_oneoff\()/g,
    instead: `...Object.fromEntries(
      "create_directory filestat_get filestat_set_times open readlink remove_directory unlink_file".split(" ").map((name) =>
        ["path_"+name, (fd) => self.fds[fd] == undefined ? wasi.ERRNO_BADF : name == "open" ? wasi.ERRNO_NOTDIR : wasi.ERRNO_NOTSUP])),
      path_link(fd, flags, path, length, to) { return self.fds[fd] && self.fds[to] ? wasi.ERRNO_NOTSUP : wasi.ERRNO_BADF },
      path_rename(fd, path, length, to) { return self.fds[fd] && self.fds[to] ? wasi.ERRNO_NOTSUP : wasi.ERRNO_BADF },
      path_symlink(path, length, fd) { return self.fds[fd] ? wasi.ERRNO_NOTSUP : wasi.ERRNO_BADF },`,
  },
  {
    what: 'reading of directories',
    found: /let bufused=0;while\(true\)\{[\s\S]*?buffer\.setUint32\(bufused_ptr,bufused,true\);return 0\}/g,
    instead: 'buffer.setUint32(bufused_ptr,0,true);return wasi.ERRNO_NOTSUP}',
  },
  // Ours are in `workers/wasi/`: only the names stay.
  {
    what: 'waiting for a clock',
    found: /poll_oneoff\(in_ptr,out_ptr,nsubscriptions\)\{[\s\S]*?(?=proc_exit\()/g,
    instead: 'poll_oneoff(){},',
  },
  {
    what: 'signals',
    found: /proc_raise\(sig\)\{throw"raised signal "\+sig\}/g,
    instead: 'proc_raise(){}',
  },
  {
    what: 'random numbers and sockets',
    found: /random_get\(buf,buf_len\)\{[\s\S]*?sock_accept\(fd,flags\)\{throw"sockets not supported"\}/g,
    instead: 'random_get(){},sock_recv(){},sock_send(){},sock_shutdown(){},sock_accept(){}',
  },
];

/** Takes out of the WASI shim what only files and sockets need, and what Cloche has its own of. */
export const wasiShimWithoutUnused = () =>
  withoutUnused('wasi-shim', /@bjorn3\/browser_wasi_shim\/dist\/wasi\.js$/, UNUSED);
