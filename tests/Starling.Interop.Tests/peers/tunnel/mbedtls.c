/* The tunnel's DTLS by mbedTLS 3.6. */
#include "tunnel.h"

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_cache.h>
#include <mbedtls/ssl_cookie.h>
#include <psa/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct options *o;
static mbedtls_entropy_context entropy;
static mbedtls_ctr_drbg_context random_source;
static mbedtls_ssl_config configuration;
static mbedtls_ssl_context ssl;
static mbedtls_ssl_cookie_ctx cookies;
static mbedtls_ssl_cache_context cache;
static mbedtls_ssl_session kept;
static mbedtls_x509_crt own, trusted;
static mbedtls_pk_context key;
static long intermediate, final = -1;   /* the library's two deadlines */
static int last;                        /* what the library said last */

static void must(int result, const char *what) {
    if (result == 0) return;
    printf("failed %s -0x%04x\n", what, -result);
    exit(2);
}

static void set_delay(void *context, uint32_t first, uint32_t second) {
    (void)context;
    intermediate = net_now() + first;
    final = second ? net_now() + second : -1;
}

static int get_delay(void *context) {
    (void)context;
    if (final < 0) return -1;
    return net_now() >= final ? 2 : net_now() >= intermediate ? 1 : 0;
}

static int receive(void *context, unsigned char *buffer, size_t size) {
    (void)context;
    int n = net_receive(buffer, size);
    return n < 0 ? MBEDTLS_ERR_SSL_WANT_READ : n;
}

static int send_datagram(void *context, const unsigned char *buffer, size_t size) {
    (void)context;
    net_send(buffer, size);
    return (int)size;   /* a datagram that is lost is no error */
}

static void setup_keys(void) {
    if (o->identity) {
        must(mbedtls_ssl_conf_psk(&configuration, o->psk, o->psk_length, (const unsigned char *)o->identity, strlen(o->identity)), "psk");
    }
    if (o->authority) {
        must(mbedtls_x509_crt_parse_file(&trusted, o->authority), "ca");
        mbedtls_ssl_conf_ca_chain(&configuration, &trusted, NULL);
        mbedtls_ssl_conf_authmode(&configuration, MBEDTLS_SSL_VERIFY_REQUIRED);
    }
    if (o->certificate) {
        must(mbedtls_x509_crt_parse_file(&own, o->certificate), "cert");
        must(mbedtls_pk_parse_keyfile(&key, o->key, NULL, mbedtls_ctr_drbg_random, &random_source), "key");
        must(mbedtls_ssl_conf_own_cert(&configuration, &own, &key), "own");
    }
}

static void setup_extensions(void) {
    static int suites[2];
    suites[0] = o->suite;
    if (o->suite) mbedtls_ssl_conf_ciphersuites(&configuration, suites);
    if (o->cid) must(mbedtls_ssl_conf_cid(&configuration, o->own_cid_length, MBEDTLS_SSL_UNEXPECTED_CID_IGNORE), "cid");
    if (o->no_ems) mbedtls_ssl_conf_extended_master_secret(&configuration, MBEDTLS_SSL_EXTENDED_MS_DISABLED);
    if (o->no_etm) mbedtls_ssl_conf_encrypt_then_mac(&configuration, MBEDTLS_SSL_ETM_DISABLED);
    if (o->fragment) {
        int code = o->fragment == 512 ? MBEDTLS_SSL_MAX_FRAG_LEN_512 : o->fragment == 1024 ? MBEDTLS_SSL_MAX_FRAG_LEN_1024 :
                   o->fragment == 2048 ? MBEDTLS_SSL_MAX_FRAG_LEN_2048 : MBEDTLS_SSL_MAX_FRAG_LEN_4096;
        must(mbedtls_ssl_conf_max_frag_len(&configuration, code), "fragment");
    }
}

void secure_setup(const struct options *options) {
    o = options;
    must(psa_crypto_init() == PSA_SUCCESS ? 0 : -1, "psa");
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&random_source);
    mbedtls_ssl_config_init(&configuration);
    mbedtls_ssl_init(&ssl);
    mbedtls_ssl_cookie_init(&cookies);
    mbedtls_ssl_cache_init(&cache);
    mbedtls_ssl_session_init(&kept);
    mbedtls_x509_crt_init(&own);
    mbedtls_x509_crt_init(&trusted);
    mbedtls_pk_init(&key);
    must(mbedtls_ctr_drbg_seed(&random_source, mbedtls_entropy_func, &entropy, NULL, 0), "seed");
    must(mbedtls_ssl_config_defaults(&configuration, o->server ? MBEDTLS_SSL_IS_SERVER : MBEDTLS_SSL_IS_CLIENT,
        MBEDTLS_SSL_TRANSPORT_DATAGRAM, MBEDTLS_SSL_PRESET_DEFAULT), "defaults");
    mbedtls_ssl_conf_rng(&configuration, mbedtls_ctr_drbg_random, &random_source);
    mbedtls_ssl_conf_min_tls_version(&configuration, MBEDTLS_SSL_VERSION_TLS1_2);
    mbedtls_ssl_conf_max_tls_version(&configuration, MBEDTLS_SSL_VERSION_TLS1_2);
    must(mbedtls_ssl_cookie_setup(&cookies, mbedtls_ctr_drbg_random, &random_source), "cookies");
    if (o->server) mbedtls_ssl_conf_dtls_cookies(&configuration, mbedtls_ssl_cookie_write, mbedtls_ssl_cookie_check, &cookies);
    if (o->server) mbedtls_ssl_conf_session_cache(&configuration, &cache, mbedtls_ssl_cache_get, mbedtls_ssl_cache_set);
    setup_keys();
    setup_extensions();
    must(mbedtls_ssl_setup(&ssl, &configuration), "setup");
    mbedtls_ssl_set_bio(&ssl, NULL, send_datagram, receive, NULL);
    mbedtls_ssl_set_timer_cb(&ssl, NULL, set_delay, get_delay);
    mbedtls_ssl_set_mtu(&ssl, 1200);
}

void secure_begin(int resume) {
    must(mbedtls_ssl_session_reset(&ssl), "reset");
    if (o->name && !o->server) must(mbedtls_ssl_set_hostname(&ssl, o->name), "name");
    if (o->cid) must(mbedtls_ssl_set_cid(&ssl, MBEDTLS_SSL_CID_ENABLED, o->own_cid, o->own_cid_length), "cid");
    if (resume && !o->server) must(mbedtls_ssl_set_session(&ssl, &kept), "resume");
    final = -1;
}

int secure_handshake(void) {
    if (o->server) {
        size_t length;
        const void *peer = net_peer(&length);
        must(mbedtls_ssl_set_client_transport_id(&ssl, peer, length), "transport id");
    }
    last = mbedtls_ssl_handshake(&ssl);
    if (last == 0) {
        if (!o->server) mbedtls_ssl_session_free(&kept), must(mbedtls_ssl_get_session(&ssl, &kept), "session");
        return DONE;
    }
    if (last == MBEDTLS_ERR_SSL_WANT_READ || last == MBEDTLS_ERR_SSL_WANT_WRITE) return WAIT;
    if (last == MBEDTLS_ERR_SSL_HELLO_VERIFY_REQUIRED) {
        secure_begin(0);
        return WAIT;
    }
    printf("error -0x%04x\n", -last);
    return FAILED;
}

int secure_read(unsigned char *buffer, size_t size) {
    last = mbedtls_ssl_read(&ssl, buffer, size);
    if (last > 0) return last;
    if (last == MBEDTLS_ERR_SSL_WANT_READ || last == MBEDTLS_ERR_SSL_WANT_WRITE) return WAIT;
    if (last == 0 || last == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) return CLOSED;
    printf("error -0x%04x\n", -last);
    return FAILED;
}

int secure_write(const unsigned char *buffer, size_t size) { return mbedtls_ssl_write(&ssl, buffer, size); }

void secure_close(void) { mbedtls_ssl_close_notify(&ssl); }

long secure_deadline(void) { return final < 0 ? -1 : final; }

void secure_describe(char *text, size_t size) {
    unsigned char cid[MBEDTLS_SSL_CID_OUT_LEN_MAX];
    size_t length = 0;
    int enabled = 0;
    mbedtls_ssl_get_peer_cid(&ssl, &enabled, cid, &length);
    snprintf(text, size, "%s %s cid=%s length=%zu", mbedtls_ssl_get_version(&ssl), mbedtls_ssl_get_ciphersuite(&ssl), enabled ? "on" : "off", length);
}
