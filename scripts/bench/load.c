// Sends HTTP requests from a file over some connections, each of which sends its next one when it has its answer, and
// prints as JSON how many were answered, how many of them not with 200, the seconds, and latencies in milliseconds. The
// file has each request as six digits, its length, and its bytes.
//
//   load PORT CONNECTIONS FILE SKIP COUNT
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MOST 1024

static struct { int fd; char data[8192]; size_t used; int64_t since; } connections[MOST];
static const char *place, *file_end;

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

// The next request of the file and its length; 0 at the end.
static size_t next(const char **text) {
    if (place + 6 > file_end) return 0;
    char digits[7] = {0};
    memcpy(digits, place, 6);
    size_t size = strtoul(digits, NULL, 10);
    *text = place + 6;
    place += 6 + size;
    return size;
}

static void ask(int i) {
    const char *text;
    size_t size = next(&text);
    if (!size) fputs("the file has too few requests\n", stderr), exit(1);
    connections[i].used = 0;
    connections[i].since = now();
    if (send(connections[i].fd, text, size, MSG_NOSIGNAL) != (ssize_t)size) fail("send");
}

// Whether the answer is whole.
static int is_answered(int i) {
    connections[i].data[connections[i].used] = 0;
    char *body = strstr(connections[i].data, "\r\n\r\n");
    char *length = strcasestr(connections[i].data, "\ncontent-length:");
    return body && connections[i].used >= (size_t)(body + 4 - connections[i].data) +
                                              (length && length < body ? strtoul(length + 16, NULL, 10) : 0);
}

static int by_size(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

int main(int count, char **arguments) {
    if (count != 6) return fputs("load PORT CONNECTIONS FILE SKIP COUNT\n", stderr), 2;
    int width = atoi(arguments[2]);
    long skip = atol(arguments[4]), total = atol(arguments[5]), asked = 0, answered = 0, others = 0;
    if (width > MOST || total < width) return fputs("too many connections\n", stderr), 2;
    int file = open(arguments[3], O_RDONLY);
    struct stat about;
    if (file < 0 || fstat(file, &about)) fail(arguments[3]);
    place = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    if (place == MAP_FAILED) fail("mmap");
    file_end = place + about.st_size;
    const char *text;
    while (skip-- > 0) next(&text);

    int64_t *taken = calloc((size_t)total, sizeof *taken);
    int poller = epoll_create1(0), on = 1;
    struct sockaddr_in address = {AF_INET, htons((uint16_t)atoi(arguments[1])), {htonl(INADDR_LOOPBACK)}, {0}};
    for (int i = 0; i < width; i++) {
        connections[i].fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(connections[i].fd, (struct sockaddr *)&address, sizeof address)) fail("connect");
        setsockopt(connections[i].fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct epoll_event event = {EPOLLIN, {.u32 = (uint32_t)i}};
        epoll_ctl(poller, EPOLL_CTL_ADD, connections[i].fd, &event);
    }
    int64_t begun = now();
    for (; asked < width; asked++) ask((int)asked);
    while (answered < total) {
        struct epoll_event events[128];
        int ready = epoll_wait(poller, events, 128, 30000);
        if (ready <= 0) return fputs("no answer for 30 s\n", stderr), 1;
        for (int e = 0; e < ready; e++) {
            int i = (int)events[e].data.u32;
            size_t room = sizeof connections[i].data - 1 - connections[i].used;
            ssize_t size = recv(connections[i].fd, connections[i].data + connections[i].used, room, 0);
            if (size <= 0) return fputs("a connection was closed\n", stderr), 1;
            connections[i].used += (size_t)size;
            if (!is_answered(i)) continue;
            others += strncmp(connections[i].data, "HTTP/1.1 200", 12) != 0;
            taken[answered++] = now() - connections[i].since;
            if (asked < total) asked++, ask(i);
        }
    }
    double seconds = (double)(now() - begun) / 1e9;
    qsort(taken, (size_t)total, sizeof *taken, by_size);
    printf("{\"answered\":%ld,\"others\":%ld,\"seconds\":%.4f,\"p50\":%.3f,\"p99\":%.3f}\n", answered, others, seconds,
           (double)taken[total / 2] / 1e6, (double)taken[total * 99 / 100] / 1e6);
}
