/*
 * A tunnel: datagrams of a plain UDP port become records of one DTLS 1.2 session, and the other way round. What speaks DTLS is a library that nobody here wrote;
 * one file a library implements the second half of this header. tunnel.c has the sockets and the loop.
 */
#ifndef TUNNEL_H
#define TUNNEL_H

#include <stddef.h>

struct options {
    int server;                 /* the DTLS role; else client */
    int suite;                  /* the only suite, by its IANA number */
    const char *identity;       /* PSK: identity and key */
    unsigned char psk[64];
    size_t psk_length;
    int cid;                    /* whether connection ids are used; ours may be empty (RFC 9146 §3) */
    unsigned char own_cid[32];
    size_t own_cid_length;
    const char *certificate;    /* our certificate or raw public key, our private key, whom we trust; PEM or DER files as the library wants them */
    const char *key;
    const char *authority;
    const char *name;           /* SNI, and the name that the certificate must have */
    int raw_keys;               /* RFC 7250 on both sides */
    int fragment;               /* RFC 6066 §4: 512, 1024, 2048 or 4096; 0: not asked for */
    int no_ems, no_etm;
};

/* For the library: one datagram from or to the other party. Never waits; -1 when there is none. */
int net_receive(unsigned char *buffer, size_t size);
int net_send(const unsigned char *buffer, size_t size);
const void *net_peer(size_t *length);   /* the other party's address, for cookies */
long net_now(void);                     /* milliseconds */

/* By the library. */
enum { WAIT = 0, DONE = 1, AGAIN = 2, FAILED = -1, CLOSED = -2 };
void secure_setup(const struct options *options);
void secure_begin(int resume);                          /* a new session; with what is left of the last one when it is resumed */
int secure_handshake(void);                             /* WAIT, DONE, AGAIN (at once), FAILED */
int secure_read(unsigned char *buffer, size_t size);    /* a length, WAIT, FAILED, CLOSED */
int secure_write(const unsigned char *buffer, size_t size);
void secure_close(void);
long secure_deadline(void);                             /* when to come back though nothing came: net_now() + …; -1 never */
void secure_describe(char *text, size_t size);          /* suite, connection ids: one line */

#endif
