// Preloaded by `CLOCK=1 make soak`: the wall clock is 31 days ahead while the file SOAK_CLOCK_FILE exists.
//
// Debian's libfaketime 0.9.10 does not work for this. While it shifts the wall clock it shifts absolute timers of the
// monotonic clock as well, whatever its settings: timerfd_settime then fails, and every timer of libdispatch with it.
// No clock of a real machine does that, so here the wall clock moves and nothing else.
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t ahead(void) {
    const int error = errno;
    const char *file = getenv("SOAK_CLOCK_FILE");
    const time_t seconds = file && access(file, F_OK) == 0 ? 31 * 24 * 60 * 60 : 0;
    errno = error;
    return seconds;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    const int code = (int)syscall(SYS_clock_gettime, clock, now);
    if (code == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += ahead();
    return code;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec exact;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &exact) != 0) return -1;
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return 0;
}

int timespec_get(struct timespec *now, int base) {
    return base == TIME_UTC && clock_gettime(CLOCK_REALTIME, now) == 0 ? base : 0;
}

time_t time(time_t *seconds) {
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    if (seconds) *seconds = now.tv_sec;
    return now.tv_sec;
}
