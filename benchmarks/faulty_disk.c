/* A disk that fails when told to, for crash.py and the tests: preloaded (LD_PRELOAD), it stands before the calls by which
 * files are written, counts those below a folder, and at the n-th refuses, tears the write in two, or kills the process.
 *
 *   cc -shared -fPIC -O1 -o faulty_disk.so faulty_disk.c -ldl
 *
 * Armed by faulty_arm() (ctypes), or at the start by FAULTY_DISK="<action> <errno> <n> <folder>".
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { COUNT = 0, FULL = 1, ONCE = 2, KILL = 3, TEAR = 4 };

static char folder[PATH_MAX];
static size_t length;
static int action, number;
static volatile long at = -1, calls;
static volatile int refused;

void faulty_arm(const char *place, int what, int with, long n) {
    snprintf(folder, sizeof folder, "%s", place);
    length = strlen(folder);
    action = what, number = with, at = n, calls = 0, refused = 0;
}
void faulty_disarm(void) { length = 0; }
long faulty_calls(void) { return calls; }
int faulty_refused(void) { return refused; }

__attribute__((constructor)) static void begin(void) {
    char place[PATH_MAX];
    int what, with;
    long n;
    const char *said = getenv("FAULTY_DISK");
    if (said && sscanf(said, "%d %d %ld %4095s", &what, &with, &n, place) == 4)
        faulty_arm(place, what, with, n);
}

static int is_ours(const char *path) { return length && path && strncmp(path, folder, length) == 0; }
static int is_open_to_ours(int fd) {
    char link[64], path[PATH_MAX];
    if (!length)
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n < 0)
        return 0;
    path[n] = 0;
    return is_ours(path);
}

/* What becomes of this call: 0 go on, 1 refuse, 2 tear (writes), 3 do it, then die. */
static int fate(int takes_room) {
    long n = __sync_add_and_fetch(&calls, 1);
    if (action == FULL)
        return n >= at && takes_room ? (refused = 1) : 0;
    if (n != at)
        return 0;
    if (action == ONCE)
        return refused = 1;
    if (action == KILL)
        kill(getpid(), SIGKILL);
    return action == TEAR ? (takes_room ? 2 : 3) : 0;
}
static void die(void) { kill(getpid(), SIGKILL); }

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define WRITES(name, head, call, half)                                                                                     \
    ssize_t name head {                                                                                                    \
        static __typeof__(&name) real;                                                                                     \
        if (!real)                                                                                                         \
            real = REAL(name);                                                                                             \
        if (is_open_to_ours(fd))                                                                                           \
            switch (fate(1)) {                                                                                             \
            case 1: errno = number; return -1;                                                                             \
            case 2: half; die();                                                                                           \
            }                                                                                                              \
        return real call;                                                                                                  \
    }
WRITES(write, (int fd, const void *data, size_t n), (fd, data, n), real(fd, data, n / 2))
WRITES(pwrite, (int fd, const void *data, size_t n, off_t where), (fd, data, n, where), real(fd, data, n / 2, where))
WRITES(pwrite64, (int fd, const void *data, size_t n, off64_t where), (fd, data, n, where), real(fd, data, n / 2, where))
WRITES(writev, (int fd, const struct iovec *parts, int n), (fd, parts, n), real(fd, parts, n / 2))

size_t fwrite(const void *data, size_t size, size_t n, FILE *file) {
    static __typeof__(&fwrite) real;
    if (!real)
        real = REAL(fwrite);
    if (length && is_open_to_ours(fileno(file)))
        switch (fate(1)) {
        case 1: errno = number; return 0;
        case 2: real(data, size, n / 2, file); fflush(file); die();
        }
    return real(data, size, n, file);
}

#define ON_FILE(name, head, call, takes_room)                                                                              \
    int name head {                                                                                                        \
        static __typeof__(&name) real;                                                                                     \
        if (!real)                                                                                                         \
            real = REAL(name);                                                                                             \
        int what = is_open_to_ours(fd) ? fate(takes_room) : 0;                                                             \
        if (what == 1) {                                                                                                   \
            errno = number;                                                                                                \
            return -1;                                                                                                     \
        }                                                                                                                  \
        int done = real call;                                                                                              \
        if (what)                                                                                                          \
            die();                                                                                                         \
        return done;                                                                                                       \
    }
ON_FILE(fsync, (int fd), (fd), 0)
ON_FILE(fdatasync, (int fd), (fd), 0)
ON_FILE(ftruncate, (int fd, off_t size), (fd, size), 0)
ON_FILE(ftruncate64, (int fd, off64_t size), (fd, size), 0)

#define ON_NAME(name, head, call, which, takes_room)                                                                       \
    int name head {                                                                                                        \
        static __typeof__(&name) real;                                                                                     \
        if (!real)                                                                                                         \
            real = REAL(name);                                                                                             \
        int what = is_ours(which) ? fate(takes_room) : 0;                                                                  \
        if (what == 1) {                                                                                                   \
            errno = number;                                                                                                \
            return -1;                                                                                                     \
        }                                                                                                                  \
        int done = real call;                                                                                              \
        if (what)                                                                                                          \
            die();                                                                                                         \
        return done;                                                                                                       \
    }
ON_NAME(rename, (const char *from, const char *to), (from, to), to, 0)
ON_NAME(unlink, (const char *path), (path), path, 0)
ON_NAME(link, (const char *from, const char *to), (from, to), to, 1)
ON_NAME(mkdir, (const char *path, mode_t mode), (path, mode), path, 1)

#define OPENS(name, head, passed, before_mode)                                                                             \
    int name head {                                                                                                        \
        static int (*real)(before_mode int, ...);                                                                          \
        if (!real)                                                                                                         \
            real = (__typeof__(real))dlsym(RTLD_NEXT, #name);                                                              \
        mode_t mode = 0;                                                                                                   \
        if (flags & (O_CREAT | __O_TMPFILE)) {                                                                             \
            va_list rest;                                                                                                  \
            va_start(rest, flags);                                                                                         \
            mode = va_arg(rest, mode_t);                                                                                   \
            va_end(rest);                                                                                                  \
            int what = is_ours(path) ? fate(1) : 0;                                                                        \
            if (what == 1) {                                                                                               \
                errno = number;                                                                                            \
                return -1;                                                                                                 \
            }                                                                                                              \
            int done = real(passed flags, mode);                                                                           \
            if (what)                                                                                                      \
                die();                                                                                                     \
            return done;                                                                                                   \
        }                                                                                                                  \
        return real(passed flags, mode);                                                                                   \
    }
#define COMMA ,
OPENS(open, (const char *path, int flags, ...), path COMMA, const char * COMMA)
OPENS(open64, (const char *path, int flags, ...), path COMMA, const char * COMMA)
OPENS(openat, (int at_fd, const char *path, int flags, ...), at_fd COMMA path COMMA, int COMMA const char * COMMA)
OPENS(openat64, (int at_fd, const char *path, int flags, ...), at_fd COMMA path COMMA, int COMMA const char * COMMA)
