// Preloaded into the service, counts allocations, and calls into the system by kind, with the bytes written.
// BENCH_COUNTS names a file of SLOTS * 64 bytes; each thread adds to a slot of its own there, so that counting does not
// make threads wait for each other, and stage.py adds the slots up.
//
//   cc -std=gnu11 -O2 -shared -fPIC -o count.so count.c
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define SLOTS 1024
// The order that stage.py knows.
enum { ALLOCATIONS, WRITES, WRITTEN, FILE_WRITES, FILE_WRITTEN, SYNCS, READS, WAITS, KINDS };

static _Atomic uint64_t nowhere[KINDS];
static _Atomic uint64_t (*table)[KINDS];
static atomic_uint next_slot;
static __thread __attribute__((tls_model("initial-exec"))) _Atomic uint64_t *mine;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("BENCH_COUNTS");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *memory = mmap(NULL, SLOTS * sizeof *table, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (memory != MAP_FAILED) table = memory;
}

static void add(int kind, uint64_t amount) {
    if (!mine && table) mine = table[atomic_fetch_add(&next_slot, 1) % SLOTS];
    atomic_fetch_add_explicit(&(mine ? mine : nowhere)[kind], amount, memory_order_relaxed);
}

// --- Allocations, by the C library's own names for them

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

void *malloc(size_t size) { add(ALLOCATIONS, 1); return __libc_malloc(size); }
void *calloc(size_t count, size_t size) { add(ALLOCATIONS, 1); return __libc_calloc(count, size); }
void *realloc(void *old, size_t size) { add(ALLOCATIONS, 1); return __libc_realloc(old, size); }
void *memalign(size_t to, size_t size) { add(ALLOCATIONS, 1); return __libc_memalign(to, size); }
void *aligned_alloc(size_t to, size_t size) { add(ALLOCATIONS, 1); return __libc_memalign(to, size); }
int posix_memalign(void **result, size_t to, size_t size) {
    add(ALLOCATIONS, 1);
    *result = __libc_memalign(to, size);
    return *result ? 0 : 12;  // ENOMEM
}

// --- Calls into the system: CALL(result, name, (parameters), (arguments), what is counted once the result is known)

#define CALL(type, name, parameters, arguments, counted)                        \
    type name parameters {                                                      \
        static type(*_Atomic real) parameters;                                  \
        if (!real) real = (type(*) parameters)dlsym(RTLD_NEXT, #name);          \
        type result = real arguments;                                           \
        counted;                                                                \
        return result;                                                          \
    }
#define SENT add(WRITES, 1), add(WRITTEN, result > 0 ? (uint64_t)result : 0)
#define STORED add(FILE_WRITES, 1), add(FILE_WRITTEN, result > 0 ? (uint64_t)result : 0)

CALL(ssize_t, write, (int fd, const void *data, size_t size), (fd, data, size), SENT)
CALL(ssize_t, writev, (int fd, const struct iovec *parts, int count), (fd, parts, count), SENT)
CALL(ssize_t, send, (int fd, const void *data, size_t size, int flags), (fd, data, size, flags), SENT)
CALL(ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags), (fd, message, flags), SENT)
CALL(ssize_t, sendto,
     (int fd, const void *data, size_t size, int flags, const struct sockaddr *to, socklen_t length),
     (fd, data, size, flags, to, length), SENT)
CALL(ssize_t, pwrite, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at), STORED)
CALL(ssize_t, pwrite64, (int fd, const void *data, size_t size, off64_t at), (fd, data, size, at), STORED)
// The C library's own names for writing and reading eight bytes, which go past write and read.
CALL(int, eventfd_write, (int fd, eventfd_t value), (fd, value), add(WRITES, 1); add(WRITTEN, 8))
CALL(int, eventfd_read, (int fd, eventfd_t *value), (fd, value), add(READS, 1))
CALL(int, fsync, (int fd), (fd), add(SYNCS, 1))
CALL(int, fdatasync, (int fd), (fd), add(SYNCS, 1))
CALL(ssize_t, read, (int fd, void *data, size_t size), (fd, data, size), add(READS, 1))
CALL(ssize_t, readv, (int fd, const struct iovec *parts, int count), (fd, parts, count), add(READS, 1))
CALL(ssize_t, recv, (int fd, void *data, size_t size, int flags), (fd, data, size, flags), add(READS, 1))
CALL(ssize_t, recvmsg, (int fd, struct msghdr *message, int flags), (fd, message, flags), add(READS, 1))
CALL(ssize_t, recvfrom, (int fd, void *data, size_t size, int flags, struct sockaddr *from, socklen_t *length),
     (fd, data, size, flags, from, length), add(READS, 1))
CALL(ssize_t, pread, (int fd, void *data, size_t size, off_t at), (fd, data, size, at), add(READS, 1))
CALL(ssize_t, pread64, (int fd, void *data, size_t size, off64_t at), (fd, data, size, at), add(READS, 1))
CALL(int, epoll_wait, (int fd, struct epoll_event *events, int most, int limit), (fd, events, most, limit),
     add(WAITS, 1))
CALL(int, poll, (struct pollfd *files, nfds_t count, int limit), (files, count, limit), add(WAITS, 1))
CALL(int, ppoll, (struct pollfd *files, nfds_t count, const struct timespec *limit, const sigset_t *mask),
     (files, count, limit, mask), add(WAITS, 1))
