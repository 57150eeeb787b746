/* A network folder, for one process: files below FOLDER have no locks or no shared memory. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int lacks(const char *what, int file) {
  char link[64], path[4096];
  const char *lacking = getenv("LACKING"), *folder = getenv("FOLDER");
  if (!lacking || !folder || !strstr(lacking, what)) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t size = readlink(link, path, sizeof path - 1);
  if (size < 0) return 0;
  path[size] = 0;
  return strncmp(path, folder, strlen(folder)) == 0;
}

static int locks(int file, int command) {
  return (command == F_SETLK || command == F_SETLKW) && lacks("locks", file);
}

#define FCNTL(name)                                       \
  int name(int file, int command, ...) {                  \
    va_list rest;                                         \
    va_start(rest, command);                              \
    void *value = va_arg(rest, void *);                   \
    va_end(rest);                                         \
    if (locks(file, command)) return errno = ENOLCK, -1;  \
    int (*real)(int, int, ...) = dlsym(RTLD_NEXT, #name); \
    return real(file, command, value);                    \
  }
FCNTL(fcntl)
FCNTL(fcntl64)

#define MMAP(name, offset_t)                                                        \
  void *name(void *at, size_t size, int how, int flags, int file, offset_t offset) { \
    if (file >= 0 && (flags & MAP_SHARED) && lacks("memory", file))                  \
      return errno = ENODEV, MAP_FAILED;                                             \
    void *(*real)(void *, size_t, int, int, int, offset_t) = dlsym(RTLD_NEXT, #name); \
    return real(at, size, how, flags, file, offset);                                 \
  }
MMAP(mmap, off_t)
MMAP(mmap64, off64_t)
