// What Swift cannot call by itself: variadic functions, macros, and the few OpenSSL calls that librabbitmq leaves to us.
#ifndef CRABBITMQ_SHIM_H
#define CRABBITMQ_SHIM_H

#if __has_include(<rabbitmq-c/amqp.h>)
#include <rabbitmq-c/amqp.h>
#include <rabbitmq-c/framing.h>
#include <rabbitmq-c/ssl_socket.h>
#include <rabbitmq-c/tcp_socket.h>
#else
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#endif

#include <sys/eventfd.h>

// Declared here instead of including OpenSSL's headers, so that their thousand names stay out of Swift.
struct ssl_ctx_st;
struct X509_VERIFY_PARAM_st;
int SSL_CTX_set_default_verify_paths(struct ssl_ctx_st *context);
struct X509_VERIFY_PARAM_st *SSL_CTX_get0_param(struct ssl_ctx_st *context);
int X509_VERIFY_PARAM_set1_ip_asc(struct X509_VERIFY_PARAM_st *param, const char *address);
struct ssl_st;
int SSL_read(struct ssl_st *session, void *buffer, int count);
int SSL_write(struct ssl_st *session, const void *buffer, int count);
int SSL_get_error(const struct ssl_st *session, int result);
long SSL_ctrl(struct ssl_st *session, int command, long argument, void *pointer);
struct ssl_ctx_st *SSL_get_SSL_CTX(const struct ssl_st *session);
void SSL_CTX_set_info_callback(struct ssl_ctx_st *context, void (*callback)(const struct ssl_st *, int, int));
int SSL_CTX_set_ex_data(struct ssl_ctx_st *context, int index, void *data);
void *SSL_CTX_get_ex_data(const struct ssl_ctx_st *context, int index);
void ERR_clear_error(void);

/// `amqp_login_with_properties` with PLAIN: variadic in C. channel_max 0 means the server's.
static inline amqp_rpc_reply_t crmq_login_plain(amqp_connection_state_t state, const char *vhost, int frame_max,
                                                int heartbeat, const amqp_table_t *properties, const char *user,
                                                const char *password) {
  return amqp_login_with_properties(state, vhost, 0, frame_max, heartbeat, properties, AMQP_SASL_METHOD_PLAIN, user,
                                    password);
}

/// TLS 1.2 or newer.
static inline int crmq_require_tls12(amqp_socket_t *socket) {
  return amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST);
}

/// Trusts the system's certificate authorities. Returns 1 on success, as OpenSSL does.
static inline int crmq_trust_system(amqp_socket_t *socket) {
  return SSL_CTX_set_default_verify_paths((struct ssl_ctx_st *)amqp_ssl_socket_get_context(socket));
}

/// Holds the certificate against an IP address; librabbitmq's own host name check knows DNS names only.
/// Returns 1 on success, 0 when `address` is no IP address.
static inline int crmq_verify_address(amqp_socket_t *socket, const char *address) {
  struct ssl_ctx_st *context = (struct ssl_ctx_st *)amqp_ssl_socket_get_context(socket);
  return X509_VERIFY_PARAM_set1_ip_asc(SSL_CTX_get0_param(context), address);
}

// The library keeps its TLS session to itself, but gives its context away; OpenSSL shows the session to the context's
// callback when the handshake begins. It is put into the context's slot for the application (index 0), which the library
// does not use, and belongs to the library: valid until the socket is closed.
static inline void crmq_note_session(const struct ssl_st *session, int where, int result) {
  (void)where;
  (void)result;
  SSL_CTX_set_ex_data(SSL_get_SSL_CTX(session), 0, (void *)session);
}

/// Makes `crmq_session` know the session; to be called before the socket is opened.
static inline void crmq_await_session(amqp_socket_t *socket) {
  SSL_CTX_set_info_callback((struct ssl_ctx_st *)amqp_ssl_socket_get_context(socket), crmq_note_session);
}

/// The TLS session of an open socket, made fit for writing from a buffer that grows and moves: OpenSSL may take a part
/// (SSL_MODE_ENABLE_PARTIAL_WRITE, 1), the rest may lie elsewhere when it is written (2), and a read goes on after what is
/// no data (SSL_MODE_AUTO_RETRY, 4). Null when there is none.
static inline struct ssl_st *crmq_session(amqp_socket_t *socket) {
  struct ssl_ctx_st *context = (struct ssl_ctx_st *)amqp_ssl_socket_get_context(socket);
  struct ssl_st *session = (struct ssl_st *)SSL_CTX_get_ex_data(context, 0);
  if (session) SSL_ctrl(session, 33 /* SSL_CTRL_MODE */, 1 | 2 | 4, 0);
  return session;
}

/// What `SSL_get_error` says.
enum crmq_tls_result { CRMQ_TLS_WANTS_READ = 2, CRMQ_TLS_WANTS_WRITE = 3, CRMQ_TLS_CLOSED = 6 };

#endif
