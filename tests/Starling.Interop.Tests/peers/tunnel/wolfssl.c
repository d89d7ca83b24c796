/* The tunnel's DTLS by wolfSSL 5.9. */
#include "tunnel.h"

#include <wolfssl/options.h>
#include <wolfssl/ssl.h>
#include <wolfssl/wolfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct options *o;
static WOLFSSL_CTX *context;
static WOLFSSL *ssl;
static WOLFSSL_SESSION *kept;
static long deadline = -1;

static void must(int result, const char *what) {
    if (result == WOLFSSL_SUCCESS) return;
    printf("failed %s %d\n", what, result);
    exit(2);
}

static int receive(WOLFSSL *s, char *buffer, int size, void *unused) {
    (void)s, (void)unused;
    int n = net_receive((unsigned char *)buffer, size);
    return n < 0 ? WOLFSSL_CBIO_ERR_WANT_READ : n;
}

static int send_datagram(WOLFSSL *s, char *buffer, int size, void *unused) {
    (void)s, (void)unused;
    net_send((unsigned char *)buffer, size);
    return size;    /* a datagram that is lost is no error */
}

/* A cookie that is the same for the same address is enough for a peer in a test. */
static int make_cookie(WOLFSSL *s, unsigned char *buffer, int size, void *unused) {
    (void)s, (void)unused;
    size_t length;
    const unsigned char *peer = net_peer(&length);
    for (int i = 0; i < size; i++) buffer[i] = peer[i % length] ^ (unsigned char)(i * 37);
    return size;
}

static unsigned give_key(WOLFSSL *s, const char *hint, char *identity, unsigned max, unsigned char *key, unsigned key_max) {
    (void)s, (void)hint;
    if (strlen(o->identity) >= max || o->psk_length > key_max) return 0;
    strcpy(identity, o->identity);
    memcpy(key, o->psk, o->psk_length);
    return (unsigned)o->psk_length;
}

static unsigned find_key(WOLFSSL *s, const char *identity, unsigned char *key, unsigned max) {
    (void)s;
    if (strcmp(identity, o->identity) != 0 || o->psk_length > max) return 0;
    memcpy(key, o->psk, o->psk_length);
    return (unsigned)o->psk_length;
}

/* A raw public key has no chain: the test's key pair is the only one that is ever shown. */
static int accept_raw(int verified, WOLFSSL_X509_STORE_CTX *store) {
    (void)verified, (void)store;
    return 1;
}

static const char *suite_name(int suite) {
    switch (suite) {
    case 0xC0A8: return "PSK-AES128-CCM-8";
    case 0xC0A4: return "PSK-AES128-CCM";
    case 0x00A8: return "PSK-AES128-GCM-SHA256";
    case 0x00AE: return "PSK-AES128-CBC-SHA256";
    case 0xC037: return "ECDHE-PSK-AES128-CBC-SHA256";
    case 0xC0AE: return "ECDHE-ECDSA-AES128-CCM-8";
    case 0xC02B: return "ECDHE-ECDSA-AES128-GCM-SHA256";
    case 0xC023: return "ECDHE-ECDSA-AES128-SHA256";
    default: printf("failed suite\n"); exit(2);
    }
}

static void setup_raw_keys(void) {
    char types[] = {WOLFSSL_CERT_TYPE_RPK};
    if (!o->raw_keys) return;
    must(wolfSSL_CTX_set_client_cert_type(context, types, 1), "client type");
    must(wolfSSL_CTX_set_server_cert_type(context, types, 1), "server type");
    wolfSSL_CTX_set_verify(context, WOLFSSL_VERIFY_PEER | WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT, accept_raw);
}

void secure_setup(const struct options *options) {
    o = options;
    wolfSSL_Init();
    context = wolfSSL_CTX_new(o->server ? wolfDTLSv1_2_server_method() : wolfDTLSv1_2_client_method());
    if (o->suite) must(wolfSSL_CTX_set_cipher_list(context, suite_name(o->suite)), "suite");
    if (o->identity && o->server) wolfSSL_CTX_set_psk_server_callback(context, find_key);
    if (o->identity && !o->server) wolfSSL_CTX_set_psk_client_callback(context, give_key);
    if (o->authority) {
        must(wolfSSL_CTX_load_verify_locations(context, o->authority, NULL), "ca");
        wolfSSL_CTX_set_verify(context, WOLFSSL_VERIFY_PEER | WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    }
    setup_raw_keys();
    int type = o->raw_keys ? WOLFSSL_FILETYPE_ASN1 : WOLFSSL_FILETYPE_PEM;
    if (o->certificate && o->raw_keys) must(wolfSSL_CTX_use_certificate_file(context, o->certificate, type), "raw key");
    if (o->certificate && !o->raw_keys) must(wolfSSL_CTX_use_certificate_chain_file(context, o->certificate), "cert");
    if (o->key) must(wolfSSL_CTX_use_PrivateKey_file(context, o->key, type), "key");
    if (o->no_ems) must(wolfSSL_CTX_DisableExtendedMasterSecret(context), "ems");
    if (o->no_etm) must(wolfSSL_CTX_AllowEncryptThenMac(context, 0), "etm");
    wolfSSL_CTX_SetIORecv(context, receive);
    wolfSSL_CTX_SetIOSend(context, send_datagram);
    wolfSSL_CTX_SetGenCookie(context, make_cookie);
}

void secure_begin(int resume) {
    if (ssl) {
        if (!o->server) kept = wolfSSL_get1_session(ssl);
        wolfSSL_free(ssl);
    }
    ssl = wolfSSL_new(context);
    wolfSSL_dtls_set_using_nonblock(ssl, 1);
    wolfSSL_dtls_set_mtu(ssl, 1200);
    if (o->name && !o->server) must(wolfSSL_UseSNI(ssl, WOLFSSL_SNI_HOST_NAME, o->name, (unsigned short)strlen(o->name)), "name");
    if (o->cid) {
        must(wolfSSL_dtls_cid_use(ssl), "cid");
        if (o->own_cid_length) must(wolfSSL_dtls_cid_set(ssl, (unsigned char *)o->own_cid, (unsigned)o->own_cid_length), "cid");
    }
    if (resume && kept) must(wolfSSL_set_session(ssl, kept), "resume");
    deadline = -1;
}

int secure_handshake(void) {
    if (deadline >= 0 && net_now() >= deadline && wolfSSL_dtls_got_timeout(ssl) != WOLFSSL_SUCCESS) return FAILED;
    int result = o->server ? wolfSSL_accept(ssl) : wolfSSL_connect(ssl);
    deadline = net_now() + wolfSSL_dtls_get_current_timeout(ssl) * 1000;
    if (result == WOLFSSL_SUCCESS) return deadline = -1, DONE;
    int error = wolfSSL_get_error(ssl, result);
    if (error == WOLFSSL_ERROR_WANT_READ || error == WOLFSSL_ERROR_WANT_WRITE) return WAIT;
    printf("error %d\n", error);
    return FAILED;
}

int secure_read(unsigned char *buffer, size_t size) {
    int result = wolfSSL_read(ssl, buffer, (int)size);
    if (result > 0) return result;
    int error = wolfSSL_get_error(ssl, result);
    if (error == WOLFSSL_ERROR_WANT_READ || error == WOLFSSL_ERROR_WANT_WRITE) return WAIT;
    if (error == WOLFSSL_ERROR_ZERO_RETURN) return CLOSED;
    printf("error %d\n", error);
    return FAILED;
}

int secure_write(const unsigned char *buffer, size_t size) { return wolfSSL_write(ssl, buffer, (int)size); }

void secure_close(void) { wolfSSL_shutdown(ssl); }

long secure_deadline(void) { return deadline; }

void secure_describe(char *text, size_t size) {
    unsigned length = 0;
    int enabled = wolfSSL_dtls_cid_is_enabled(ssl);
    if (enabled) wolfSSL_dtls_cid_get_tx_size(ssl, &length);
    snprintf(text, size, "%s %s cid=%s length=%u", wolfSSL_get_version(ssl), wolfSSL_get_cipher(ssl), enabled ? "on" : "off", length);
}
