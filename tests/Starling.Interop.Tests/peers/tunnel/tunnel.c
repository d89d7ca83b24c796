/*
 * usage: tunnel client|server DTLS-PORT PLAIN-PORT name=value…
 *
 * The DTLS side connects to or listens at 127.0.0.1:DTLS-PORT. The plain side sends to 127.0.0.1:PLAIN-PORT; with 0 it sends to whoever sent to it last.
 * It says "plain PORT", "established …", "closed" and "failed …"; it takes the lines "close", "again" (a new session) and "resume" (one that goes on from the last).
 */
#include "tunnel.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int secured, plain;                      /* sockets */
static struct sockaddr_in other, source, local; /* DTLS: the other party, who sent the newest datagram; plain: whom we serve */
static int known, established;

static void fail(const char *what) {
    printf("failed %s\n", what);
    exit(2);
}

static struct sockaddr_in loopback(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    return address;
}

static int bound(int port) {
    struct sockaddr_in address = loopback(port);
    socklen_t length = sizeof address;
    int s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s < 0 || bind(s, (struct sockaddr *)&address, length) != 0) fail("bind");
    return s;
}

static int port_of(int s) {
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    getsockname(s, (struct sockaddr *)&address, &length);
    return ntohs(address.sin_port);
}

int net_receive(unsigned char *buffer, size_t size) {
    socklen_t length = sizeof source;
    int n = recvfrom(secured, buffer, size, MSG_DONTWAIT, (struct sockaddr *)&source, &length);
    if (n < 0) return -1;
    if (!established) other = source, known = 1;
    return n;
}

int net_send(const unsigned char *buffer, size_t size) {
    return known ? (int)sendto(secured, buffer, size, 0, (struct sockaddr *)&other, sizeof other) : -1;
}

const void *net_peer(size_t *length) {
    static unsigned char bytes[6];
    memcpy(bytes, &other.sin_addr, 4);
    memcpy(bytes + 4, &other.sin_port, 2);
    *length = sizeof bytes;
    return bytes;
}

long net_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static size_t from_hex(const char *text, unsigned char *bytes, size_t size) {
    size_t n = 0;
    for (unsigned value; n < size && sscanf(text, "%2x", &value) == 1; text += 2) bytes[n++] = value;
    return n;
}

static void option(struct options *o, char *argument) {
    char *value = strchr(argument, '=');
    if (value == NULL) fail(argument);
    *value++ = 0;
    if (strcmp(argument, "suite") == 0) o->suite = strtol(value, NULL, 16);
    else if (strcmp(argument, "identity") == 0) o->identity = value;
    else if (strcmp(argument, "psk") == 0) o->psk_length = from_hex(value, o->psk, sizeof o->psk);
    else if (strcmp(argument, "cid") == 0) o->cid = 1, o->own_cid_length = from_hex(value, o->own_cid, sizeof o->own_cid);
    else if (strcmp(argument, "cert") == 0) o->certificate = value;
    else if (strcmp(argument, "key") == 0) o->key = value;
    else if (strcmp(argument, "ca") == 0) o->authority = value;
    else if (strcmp(argument, "name") == 0) o->name = value;
    else if (strcmp(argument, "rpk") == 0) o->raw_keys = atoi(value);
    else if (strcmp(argument, "fragment") == 0) o->fragment = atoi(value);
    else if (strcmp(argument, "ems") == 0) o->no_ems = !atoi(value);
    else if (strcmp(argument, "etm") == 0) o->no_etm = !atoi(value);
    else fail(argument);
}

/* One turn of the handshake, or everything that came for the established session. */
static void turn(void) {
    unsigned char buffer[20000];
    char text[200];
    int result;
    if (!established) {
        do result = secure_handshake(); while (result == AGAIN);
        if (result == FAILED) {
            printf("failed handshake\n");
            known = 0;
            secure_begin(0);
        }
        if (result != DONE) return;
        established = 1;
        secure_describe(text, sizeof text);
        printf("established %s\n", text);
    }
    while ((result = secure_read(buffer, sizeof buffer)) > 0) {
        if (memcmp(&source, &other, sizeof other) != 0) printf("moved\n");
        other = source;     /* the record was authenticated */
        if (local.sin_port) sendto(plain, buffer, result, 0, (struct sockaddr *)&local, sizeof local);
    }
    if (result == WAIT) return;
    printf(result == CLOSED ? "closed\n" : "failed session\n");
    established = known = 0;
    secure_begin(0);
}

static void command(const struct options *o, const struct sockaddr_in *target) {
    char line[100];
    if (fgets(line, sizeof line, stdin) == NULL || strncmp(line, "close", 5) == 0) {
        if (established) secure_close();
        exit(0);
    }
    if (established) secure_close();
    established = 0;
    known = !o->server;
    other = *target;
    secure_begin(strncmp(line, "resume", 6) == 0);
    turn();
}

static void loop(const struct options *o, const struct sockaddr_in *target) {
    struct pollfd sockets[3] = {{secured, POLLIN, 0}, {0, POLLIN, 0}, {plain, POLLIN, 0}};
    unsigned char buffer[20000];
    for (;;) {
        long deadline = established ? -1 : secure_deadline();
        long wait = deadline < 0 ? -1 : deadline - net_now();
        /* What comes in the clear waits in its socket until there is a session. */
        int count = poll(sockets, established ? 3 : 2, deadline >= 0 && wait < 0 ? 0 : (int)wait);
        if (count <= 0 || sockets[0].revents) turn();
        if (count > 0 && sockets[1].revents) command(o, target);
        if (count > 0 && established && sockets[2].revents) {
            struct sockaddr_in from;
            socklen_t length = sizeof from;
            int n = recvfrom(plain, buffer, sizeof buffer, MSG_DONTWAIT, (struct sockaddr *)&from, &length);
            if (n > 0) local = from, secure_write(buffer, n);
        }
    }
}

int main(int count, char **arguments) {
    static struct options o;
    if (count < 4) fail("usage");
    setvbuf(stdout, NULL, _IOLBF, 0);
    setvbuf(stdin, NULL, _IONBF, 0);    /* poll must see what is not read yet */
    o.server = strcmp(arguments[1], "server") == 0;
    for (int i = 4; i < count; i++) option(&o, arguments[i]);
    struct sockaddr_in target = loopback(atoi(arguments[2]));
    secured = bound(o.server ? atoi(arguments[2]) : 0);
    plain = bound(0);
    if (atoi(arguments[3])) local = loopback(atoi(arguments[3]));
    other = target, known = !o.server;
    secure_setup(&o);
    secure_begin(0);
    printf("plain %d\n", port_of(plain));
    if (!o.server) turn();
    loop(&o, &target);
}
