/* The k-th call that touches a file of the lake fails: for LD_PRELOAD, in every process and in C++.
 *
 * FAULTY_CONTROL names a file of five 64-bit numbers that all processes share: calls so far, the
 * first call that fails and the last, their errno, and whether calls are written to FAULTY_LOG.
 * FAULTY_ROOT is the folder whose files count.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

struct control { uint64_t calls, first, last, number, logging; };
static struct control *control;
static const char *root;

#define REAL(function) ((__typeof__(&function))dlsym(RTLD_NEXT, #function))

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("FAULTY_CONTROL");
    root = getenv("FAULTY_ROOT");
    if (!path || !root) return;
    int descriptor = REAL(open)(path, O_RDWR | O_CLOEXEC);
    if (descriptor < 0) return;
    void *page = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    if (page != MAP_FAILED) control = page;
}

static void say(uint64_t call, const char *name, const char *path) {
    int log = REAL(open)(getenv("FAULTY_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log < 0) return;
    dprintf(log, "%lu %s %s\n", (unsigned long)call, name, path + strlen(root));
    close(log);
}

static int fails(const char *name, const char *path) {
    if (!control || !path || strncmp(path, root, strlen(root))) return 0;
    uint64_t call = __atomic_add_fetch(&control->calls, 1, __ATOMIC_SEQ_CST);
    if (control->logging) say(call, name, path);
    if (call < control->first || call > control->last) return 0;
    errno = (int)control->number;
    return 1;
}

static int fails_at(const char *name, int descriptor) {
    char link[64], path[4096];
    if (!control) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return fails(name, path);
}

#define OPEN(name)                                                                        \
    int name(const char *path, int flags, ...) {                                          \
        va_list more;                                                                     \
        va_start(more, flags);                                                            \
        mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, mode_t) : 0;         \
        va_end(more);                                                                     \
        return fails(#name, path) ? -1 : REAL(name)(path, flags, mode);                          \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                      \
    int name(int folder, const char *path, int flags, ...) {                              \
        va_list more;                                                                     \
        va_start(more, flags);                                                            \
        mode_t mode = (flags & (O_CREAT | O_TMPFILE)) ? va_arg(more, mode_t) : 0;         \
        va_end(more);                                                                     \
        return fails(#name, path) ? -1 : REAL(name)(folder, path, flags, mode);                  \
    }
OPENAT(openat)
OPENAT(openat64)

FILE *fopen(const char *path, const char *mode) { return fails("fopen", path) ? NULL : REAL(fopen)(path, mode); }
FILE *fopen64(const char *path, const char *mode) { return fails("fopen64", path) ? NULL : REAL(fopen64)(path, mode); }

ssize_t write(int d, const void *data, size_t n) { return fails_at("write", d) ? -1 : REAL(write)(d, data, n); }
ssize_t writev(int d, const struct iovec *v, int n) { return fails_at("writev", d) ? -1 : REAL(writev)(d, v, n); }
ssize_t pwrite(int d, const void *data, size_t n, off_t at) { return fails_at("pwrite", d) ? -1 : REAL(pwrite)(d, data, n, at); }
ssize_t pwrite64(int d, const void *data, size_t n, off64_t at) { return fails_at("pwrite64", d) ? -1 : REAL(pwrite64)(d, data, n, at); }
ssize_t read(int d, void *data, size_t n) { return fails_at("read", d) ? -1 : REAL(read)(d, data, n); }
int fsync(int d) { return fails_at("fsync", d) ? -1 : REAL(fsync)(d); }
int fdatasync(int d) { return fails_at("fdatasync", d) ? -1 : REAL(fdatasync)(d); }
int syncfs(int d) { return fails_at("syncfs", d) ? -1 : REAL(syncfs)(d); }
int fchmod(int d, mode_t mode) { return fails_at("fchmod", d) ? -1 : REAL(fchmod)(d, mode); }
int ftruncate(int d, off_t n) { return fails_at("ftruncate", d) ? -1 : REAL(ftruncate)(d, n); }
int rename(const char *from, const char *to) { return fails("rename", from) ? -1 : REAL(rename)(from, to); }
int link(const char *from, const char *to) { return fails("link", from) ? -1 : REAL(link)(from, to); }
int unlink(const char *path) { return fails("unlink", path) ? -1 : REAL(unlink)(path); }
int mkdir(const char *path, mode_t mode) { return fails("mkdir", path) ? -1 : REAL(mkdir)(path, mode); }
