// A provider that costs next to nothing, to stand beside the service while that is measured: POST /v1/messages is
// answered 202 with a message_uuid of its own, DELAY milliseconds later; GET /counts says how many were taken. It has
// one thread.
//
//   provider PORT DELAY
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST 1024        // Connections at a time, by their descriptors.
#define BUFFER 16384     // A request has to fit.
#define ANSWERS (1 << 16)  // That wait for their time; all wait equally long, so they are due in order.

static struct { char data[BUFFER]; size_t used; uint32_t life; } connections[MOST];
static struct { int fd; uint32_t life; int64_t due; } waiting[ANSWERS];
static unsigned first, behind;
static unsigned long accepted, refused, most_in_flight;
static int poller;

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static void end(int fd) {
    connections[fd].life++;
    connections[fd].used = 0;
    close(fd);
}

static void answer(int fd, const char *status, const char *body) {
    char text[512];
    static const char form[] = "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s";
    int size = snprintf(text, sizeof text, form, status, strlen(body), body);
    if (send(fd, text, (size_t)size, MSG_NOSIGNAL) != size) end(fd);
}

static void accept_message(int fd) {
    char body[80];
    accepted++;
    snprintf(body, sizeof body, "{\"message_uuid\":\"%08x-0000-4000-8000-%012lx\"}", (unsigned)getpid(), accepted);
    answer(fd, "202 Accepted", body);
}

// Handles a whole request of `size` bytes; nothing is pipelined, so the buffer is empty after it.
static void handle(int fd, int64_t delay) {
    const char *text = connections[fd].data;
    connections[fd].used = 0;
    if (!strncmp(text, "GET /counts ", 12)) {
        char body[128];
        snprintf(body, sizeof body, "{\"accepted\":%lu,\"refused\":%lu,\"most_in_flight\":%lu}", accepted, refused,
                 most_in_flight);
        answer(fd, "200 OK", body);
    } else if (strncmp(text, "POST /v1/messages ", 18) || !strcasestr(text, "\nauthorization: b") ||
               !strstr(text, "\"text\"")) {
        refused++;
        answer(fd, "422 Unprocessable Entity", "{\"title\":\"not a message\"}");
    } else if (!delay) {
        if (!most_in_flight) most_in_flight = 1;
        accept_message(fd);
    } else if (behind - first == ANSWERS) {
        answer(fd, "503 Service Unavailable", "{}");
    } else {
        unsigned place = behind++ % ANSWERS;
        waiting[place].fd = fd;
        waiting[place].life = connections[fd].life;
        waiting[place].due = now() + delay;
        if (behind - first > most_in_flight) most_in_flight = behind - first;
    }
}

static void receive(int fd, int64_t delay) {
    size_t room = BUFFER - 1 - connections[fd].used;
    ssize_t size = recv(fd, connections[fd].data + connections[fd].used, room, MSG_DONTWAIT);
    if (size <= 0) {
        if (size == 0 || errno != EAGAIN) end(fd);
        return;
    }
    connections[fd].used += (size_t)size;
    connections[fd].data[connections[fd].used] = 0;
    char *body = strstr(connections[fd].data, "\r\n\r\n");
    if (!body) {
        if (room == (size_t)size) end(fd);
        return;
    }
    char *length = strcasestr(connections[fd].data, "\ncontent-length:");
    size_t expected = length && length < body ? strtoul(length + 16, NULL, 10) : 0;
    if (connections[fd].used >= (size_t)(body + 4 - connections[fd].data) + expected) handle(fd, delay);
    else if (room == (size_t)size) end(fd);
}

int main(int count, char **arguments) {
    if (count != 3) return fputs("provider PORT DELAY\n", stderr), 2;
    int64_t delay = (int64_t)(atof(arguments[2]) * 1000);
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {AF_INET, htons((uint16_t)atoi(arguments[1])), {htonl(INADDR_LOOPBACK)}, {0}};
    if (bind(listener, (struct sockaddr *)&address, sizeof address)) return perror("bind"), 1;
    if (listen(listener, 512)) return perror("listen"), 1;
    poller = epoll_create1(0);
    struct epoll_event event = {EPOLLIN, {.fd = listener}}, events[128];
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int64_t left = first == behind ? -1 : waiting[first % ANSWERS].due - now();
        int ready = epoll_wait(poller, events, 128, left < 0 ? (first == behind ? -1 : 0) : (int)((left + 999) / 1000));
        for (int i = 0; i < ready; i++) {
            int fd = events[i].data.fd;
            if (fd != listener) {
                receive(fd, delay);
                continue;
            }
            fd = accept(listener, NULL, NULL);
            if (fd < 0) continue;
            if (fd >= MOST) {
                close(fd);
                continue;
            }
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            event.data.fd = fd;
            epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
        }
        for (int64_t moment = now(); first != behind && waiting[first % ANSWERS].due <= moment; first++) {
            unsigned place = first % ANSWERS;
            if (connections[waiting[place].fd].life == waiting[place].life) accept_message(waiting[place].fd);
        }
    }
}
