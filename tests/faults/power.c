/* A power cut for one process, preloaded into it with LD_PRELOAD.
 *
 * Files below $POWER_LIVE have a twin below $POWER_TWIN that stands for the platter:
 * a file's bytes reach it when the program syncs that file, and not before. After the
 * program was killed, the twin is what a machine finds when its power comes back. No
 * real sync is done for these files, so that thousands of cuts take no longer than the
 * program itself. `tests/faults/shim.py` builds and drives this.
 *
 *   POWER_DELAY_US    how long each sync takes, in microseconds: a slow card. With no
 *                     twin it goes before every real sync of the process
 *   POWER_FAIL_AFTER  how many syncs succeed before EIO
 *   POWER_FAIL_COUNT  how many then fail; unset: all
 *
 * The model: names are durable at once (creating, renaming, removing), bytes are durable
 * when their file was synced whole; a kill in the middle of a sync leaves some blocks new
 * and some old, as a real one does. Not modelled: bytes that reach the disk unasked,
 * torn blocks, and bytes that a failed sync dropped for good.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 1 << 16 };

static char live[PATH_MAX];
static char twin[PATH_MAX];
static long delay_us;
static long fail_after = LONG_MAX;
static long fail_count = LONG_MAX;
static atomic_long syncs;

static void folder(char *to, const char *name) {
  const char *value = getenv(name);
  if (value != NULL && value[0] != '\0') snprintf(to, PATH_MAX, "%s/", value);
}

static void number(long *to, const char *name) {
  const char *value = getenv(name);
  if (value != NULL) *to = atol(value);
}

__attribute__((constructor)) static void begin(void) {
  folder(live, "POWER_LIVE");
  folder(twin, "POWER_TWIN");
  number(&delay_us, "POWER_DELAY_US");
  number(&fail_after, "POWER_FAIL_AFTER");
  number(&fail_count, "POWER_FAIL_COUNT");
}

/* Write the twin's path of a live path to `to`; say whether the path is a live one. */
static int twin_of(char *to, const char *path) {
  size_t length = strlen(live);
  if (length == 0 || twin[0] == '\0' || strncmp(path, live, length) != 0) return 0;
  return snprintf(to, PATH_MAX, "%s%s", twin, path + length) < PATH_MAX;
}

static void make_folders(const char *path) {
  char part[PATH_MAX];
  snprintf(part, sizeof part, "%s", path);
  for (char *slash = part + strlen(twin); (slash = strchr(slash, '/')); slash++) {
    *slash = '\0';
    mkdir(part, 0700);
    *slash = '/';
  }
}

/* Find the twin of an open regular file that still has a name. */
static int twin_of_open(char *to, int fd, struct stat *status) {
  char link[64], path[PATH_MAX];
  if (fstat(fd, status) != 0 || !S_ISREG(status->st_mode) || status->st_nlink == 0)
    return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  return twin_of(to, path);
}

/* Bring the twin up to date in place: a kill half way leaves old blocks, never fewer. */
static int copy_to_twin(int fd, const char *to) {
  static _Thread_local char block[BLOCK];
  char source[64];
  snprintf(source, sizeof source, "/proc/self/fd/%d", fd);
  make_folders(to);
  int in = open(source, O_RDONLY | O_CLOEXEC); /* fd itself may be write-only */
  int out = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  int done = -1;
  if (in < 0 || out < 0 || flock(out, LOCK_EX) != 0) goto close_both;
  off_t at = 0;
  ssize_t count;
  while ((count = pread(in, block, BLOCK, at)) > 0) {
    if (pwrite(out, block, (size_t)count, at) != count) goto close_both;
    at += count;
  }
  if (count == 0) done = ftruncate(out, at);
close_both:
  if (in >= 0) close(in);
  if (out >= 0) close(out);
  return done;
}

static int synced(int fd, const char *real_name) {
  char to[PATH_MAX];
  struct stat status;
  int has_twin = twin_of_open(to, fd, &status);
  if (delay_us > 0 && (has_twin || twin[0] == '\0')) {
    struct timespec wait = {delay_us / 1000000, (delay_us % 1000000) * 1000};
    nanosleep(&wait, NULL);
  }
  if (!has_twin) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, real_name);
    return real(fd);
  }
  long before = atomic_fetch_add(&syncs, 1);
  if (before >= fail_after && before - fail_after < fail_count) {
    errno = EIO;
    return -1;
  }
  return copy_to_twin(fd, to);
}

int fsync(int fd) { return synced(fd, "fsync"); }

int fdatasync(int fd) { return synced(fd, "fdatasync"); }

/* A path as the kernel sees it: relative ones count from `at`. */
static int absolute(char *to, int at, const char *path) {
  char link[64];
  ssize_t length;
  if (path[0] == '/') return snprintf(to, PATH_MAX, "%s", path) < PATH_MAX;
  if (at == AT_FDCWD) {
    if (getcwd(to, PATH_MAX) == NULL) return 0;
    length = (ssize_t)strlen(to);
  } else {
    snprintf(link, sizeof link, "/proc/self/fd/%d", at);
    length = readlink(link, to, PATH_MAX - 1);
    if (length < 0) return 0;
  }
  int left = PATH_MAX - (int)length;
  return snprintf(to + length, (size_t)left, "/%s", path) < left;
}

static int removed(int at, const char *path, int flags) {
  static int (*real)(int, const char *, int);
  if (real == NULL)
    real = (int (*)(int, const char *, int))dlsym(RTLD_NEXT, "unlinkat");
  char from[PATH_MAX], to[PATH_MAX];
  int is_live = absolute(from, at, path) && twin_of(to, from);
  int result = real(at, path, flags);
  int why = errno;
  if (result == 0 && is_live) real(AT_FDCWD, to, flags);
  errno = why;
  return result;
}

int unlink(const char *path) { return removed(AT_FDCWD, path, 0); }

int unlinkat(int at, const char *path, int flags) { return removed(at, path, flags); }

static int renamed(int old_at, const char *old, int new_at, const char *new) {
  static int (*real)(int, const char *, int, const char *);
  if (real == NULL)
    real = (int (*)(int, const char *, int, const char *))dlsym(RTLD_NEXT, "renameat");
  char path[PATH_MAX], from[PATH_MAX], to[PATH_MAX];
  int from_live = absolute(path, old_at, old) && twin_of(from, path);
  int to_live = absolute(path, new_at, new) && twin_of(to, path);
  int result = real(old_at, old, new_at, new);
  int why = errno;
  if (result == 0 && to_live) {
    make_folders(to);
    /* The new name is durable; bytes that were never synced are not: an empty file. */
    if (!from_live || real(AT_FDCWD, from, AT_FDCWD, to) != 0)
      close(open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  } else if (result == 0 && from_live) {
    unlink(from);
  }
  errno = why;
  return result;
}

int rename(const char *old, const char *new) {
  return renamed(AT_FDCWD, old, AT_FDCWD, new);
}

int renameat(int old_at, const char *old, int new_at, const char *new) {
  return renamed(old_at, old, new_at, new);
}
